// Measurement: numbers read out of pictures. Colour: the on-screen bar of an elastography or Doppler picture, and the picture's
// colours read back by it as kPa, m/s or cm/s. Contrast: what the arrival and leaving of contrast agent says in time. Pure
// functions of pixels, boxes and times: it opens no file and knows no patient. May import Ultrasound (boxes and regions), Imaging
// (pixels) and Statistics.
