import Testing
import Ultrasound

struct RegionTests {
  @Test func runsMustFillThePicture() {
    #expect(RunLengthMask(width: 4, height: 2, runs: [3, 2, 3]) != nil)
    for runs in [[3, 2], [3, 2, 4], [-1, 9], [Int.max, Int.max], []] {
      #expect(RunLengthMask(width: 4, height: 2, runs: runs) == nil, "\(runs)")
    }
    #expect(RunLengthMask(width: 0, height: 2, runs: [0]) == nil)
    #expect(RunLengthMask(width: Int.max, height: 2, runs: [1]) == nil)
  }

  @Test func aClipHasItsFrames() {
    #expect(PictureExtent.still.frames == 1 && PictureExtent.frame(7).frames == 1)
    #expect(PictureExtent.clip(frames: 12).frames == 12)
  }
}
