"""Fixtures of Tests/AnnotationsTests from the programs whose formats are read: run lengths by pycocotools, segmentations and
reports by highdicom and pydicom, and the masks they hold as rows of 0 and 1 (expected.json).

    pip install pydicom==3.0.2 highdicom==0.28.2 pycocotools==2.0.11 pillow numpy
    python Tools/golden/annotations.py
"""
import base64
import io
import json
from pathlib import Path

import highdicom as hd
import numpy as np
import pydicom
from highdicom.sr.coding import CodedConcept
from PIL import Image
from pycocotools import mask as coco
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.sr.codedict import codes

FOLDER = Path(__file__).parents[2] / "Tests/AnnotationsTests/Fixtures"
random = np.random.default_rng(20261122)
expected = {}


def rows(mask):
    return ["".join("1" if value else "0" for value in row) for row in np.asarray(mask)]


def blob(height, width):
    mask = np.zeros((height, width), np.uint8)
    for _ in range(3):
        y, x, r = random.integers(height), random.integers(width), random.integers(2, 5)
        yy, xx = np.mgrid[:height, :width]
        mask |= ((yy - y) ** 2 + (xx - x) ** 2 <= r * r).astype(np.uint8)
    return mask | (random.random((height, width)) < 0.08).astype(np.uint8)


def run_lengths():
    """Uncompressed and compressed run lengths of the same masks, in pictures of several sizes; the last is large enough for
    lengths of several characters."""
    images, annotations = [], []
    for index, (height, width) in enumerate([(15, 20), (1, 9), (9, 1), (40, 33), (120, 90)]):
        mask = blob(height, width)
        if index == 4:
            mask[5:110, 30:70] = 1
        if index == 2:
            mask[:] = 1
        compressed = coco.encode(np.asfortranarray(mask))
        flat, counts, last = mask.flatten(order="F"), [], 0
        start = 0
        for place in range(len(flat) + 1):
            if place == len(flat) or flat[place] != last:
                counts.append(place - start)
                start, last = place, 1 - last
        name = f"rle/{index}.png"
        images.append({"id": index, "file_name": name, "width": width, "height": height})
        annotations.append({"id": 2 * index, "image_id": index, "category_id": 1, "iscrowd": 1,
                            "segmentation": {"size": [height, width], "counts": counts}})
        annotations.append({"id": 2 * index + 1, "image_id": index, "category_id": 1, "iscrowd": 0,
                            "segmentation": {"size": [height, width], "counts": compressed["counts"].decode()}})
        expected[name] = rows(mask)
    (FOLDER / "coco-rle.json").write_text(json.dumps(
        {"images": images, "annotations": annotations, "categories": [{"id": 1, "name": "nodule"}]}))


def labelme():
    mask = blob(6, 7).astype(bool)
    mask[0, 0] = mask[5, 6] = True
    png = io.BytesIO()
    Image.fromarray(mask.astype(np.uint8)).save(png, "PNG")
    whole = np.zeros((20, 30), np.uint8)
    whole[4:10, 3:10] = mask
    expected["labelme-mask"] = rows(whole)
    (FOLDER / "labelme-mask.json").write_text(json.dumps({
        "version": "5.5.0", "flags": {"clear": True, "blurred": False}, "imagePath": "..\\pictures\\a.png", "imageData": None,
        "imageHeight": 20, "imageWidth": 30, "shapes": [{
            "label": "malignant mass", "points": [[3.0, 4.0], [9.0, 9.0]], "group_id": None, "description": "", "flags": {},
            "shape_type": "mask", "mask": base64.b64encode(png.getvalue()).decode()}]}))


def clip(frames, height, width):
    """An ultrasound clip, as far as others refer to it."""
    file = Dataset()
    file.file_meta = FileMetaDataset()
    file.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
    file.SOPClassUID = "1.2.840.10008.5.1.4.1.1.3.1"
    file.SOPInstanceUID, file.StudyInstanceUID, file.SeriesInstanceUID = "2.25.11", "2.25.12", "2.25.13"
    file.FrameOfReferenceUID = "2.25.14"
    file.PatientID, file.PatientName, file.PatientBirthDate, file.PatientSex = "1", "Simulated", "", ""
    file.StudyDate = file.StudyTime = file.AccessionNumber = file.StudyID = file.ReferringPhysicianName = ""
    file.Modality, file.SeriesNumber, file.InstanceNumber, file.Manufacturer = "US", 1, 1, ""
    file.NumberOfFrames, file.Rows, file.Columns = frames, height, width
    file.SamplesPerPixel, file.PhotometricInterpretation = 1, "MONOCHROME2"
    file.BitsAllocated = file.BitsStored = 8
    file.HighBit, file.PixelRepresentation = 7, 0
    file.PixelData = bytes(frames * height * width)
    return file


SEG = "1.2.840.10008.5.1.4.1.1.66.4"


def segmentation(name, masks, kind, *, labels=("Malignant lesion", "Calcification"), labelmap=False, fraction=200):
    """A segmentation written attribute by attribute. `masks`: of (segment, frame of the clip, mask)."""
    height, width = masks[0][2].shape
    file = Dataset()
    file.file_meta = FileMetaDataset()
    file.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
    file.file_meta.MediaStorageSOPClassUID = file.SOPClassUID = SEG[:-1] + ("7" if labelmap else "4")
    file.file_meta.MediaStorageSOPInstanceUID = file.SOPInstanceUID = "2.25.21"
    file.Modality, file.SegmentationType = "SEG", kind
    file.Rows, file.Columns, file.NumberOfFrames = height, width, len(masks)
    file.SamplesPerPixel, file.PhotometricInterpretation, file.PixelRepresentation = 1, "MONOCHROME2", 0
    bits = 1 if kind == "BINARY" else 8
    file.BitsAllocated = file.BitsStored = bits
    file.HighBit = bits - 1
    if kind == "FRACTIONAL":
        file.SegmentationFractionalType, file.MaximumFractionalValue = "PROBABILITY", fraction
    file.SegmentSequence = Sequence()
    for number, label in enumerate(labels, 1):
        segment = Dataset()
        segment.SegmentNumber, segment.SegmentLabel, segment.SegmentAlgorithmType = number, label, "MANUAL"
        file.SegmentSequence.append(segment)
    file.PerFrameFunctionalGroupsSequence = Sequence()
    for segment, frame, _ in masks:
        source = Dataset()
        source.ReferencedSOPClassUID, source.ReferencedSOPInstanceUID = "1.2.840.10008.5.1.4.1.1.3.1", "2.25.11"
        source.ReferencedFrameNumber = frame
        source.SpatialLocationsPreserved = "YES"
        derivation = Dataset()
        derivation.SourceImageSequence = Sequence([source])
        group = Dataset()
        group.DerivationImageSequence = Sequence([derivation])
        if segment:
            identification = Dataset()
            identification.ReferencedSegmentNumber = segment
            group.SegmentIdentificationSequence = Sequence([identification])
        file.PerFrameFunctionalGroupsSequence.append(group)
    pixels = np.stack([mask for _, _, mask in masks])
    data = np.packbits(pixels.astype(bool).flatten(), bitorder="little").tobytes() if bits == 1 else pixels.tobytes()
    file.PixelData = data + b"\0" * (len(data) % 2)
    file["PixelData"].VR = "OB"
    file.save_as(FOLDER / name, enforce_file_format=True)


def segmentations():
    # Neither rows times columns nor the frames fill whole bytes.
    masks = [(1, 2, blob(11, 13)), (1, 3, blob(11, 13)), (2, 3, blob(11, 13)), (2, 5, np.zeros((11, 13), np.uint8))]
    segmentation("seg-binary.dcm", masks, "BINARY")
    for segment, frame, mask in masks[:3]:
        expected[f"seg-binary {segment} {frame}"] = rows(mask)
    values = (random.random((9, 10)) * 200).astype(np.uint8)
    values[0, 0], values[0, 1] = 100, 99
    segmentation("seg-fractional.dcm", [(1, 1, values)], "FRACTIONAL")
    expected["seg-fractional"] = rows(values >= 100)
    labels = random.integers(0, 3, (9, 10)).astype(np.uint8)
    segmentation("seg-labelmap.dcm", [(None, 4, labels)], "LABELMAP", labelmap=True)
    expected["seg-labelmap 1"], expected["seg-labelmap 2"] = rows(labels == 1), rows(labels == 2)


def highdicom_segmentation():
    # highdicom takes a single frame of pictures that lie in no space.
    source = clip(1, 12, 10)
    del source.FrameOfReferenceUID, source.NumberOfFrames
    source.SOPClassUID, source.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.6.1", "2.25.61"
    pixels = blob(12, 10)[None]
    description = hd.seg.SegmentDescription(
        segment_number=1, segment_label="结节", segmented_property_category=codes.SCT.MorphologicallyAbnormalStructure,
        segmented_property_type=codes.SCT.Nodule, algorithm_type="MANUAL")
    file = hd.seg.Segmentation(
        source_images=[source], pixel_array=pixels.astype(bool), segmentation_type="BINARY", segment_descriptions=[description],
        series_instance_uid="2.25.31", series_number=2, sop_instance_uid="2.25.32", instance_number=1, manufacturer="Simulated",
        manufacturer_model_name="", software_versions="1", device_serial_number="1", content_label="A",
        omit_empty_frames=True)
    file.ContentDate, file.ContentTime = "20261122", "120000"
    file.InstanceCreationDate, file.InstanceCreationTime = "20261122", "120000"
    file.SpecificCharacterSet = "ISO_IR 192"
    file.save_as(FOLDER / "seg-highdicom.dcm", enforce_file_format=True)
    expected["seg-highdicom"] = rows(pixels[0])


def report():
    """TID 1500 by highdicom: a polygon, a circle and an ellipse, with a length and a finding."""
    source = clip(8, 100, 120)
    source.SOPInstanceUID = "2.25.11"
    groups = []
    mm = CodedConcept("mm", "UCUM", "millimeter")
    cm = CodedConcept("cm", "UCUM", "centimeter")
    figures = [
        ("POLYLINE", [[10, 10], [30.5, 12], [28, 40], [10, 10]], 3, "Malignant neoplasm", 12.5, mm),
        ("CIRCLE", [[60, 50], [70, 50]], 5, "Benign mass", 1.25, cm),
        ("ELLIPSE", [[80, 20], [110, 60], [99, 37], [91, 43]], 5, "Nodule", 31, mm),
    ]
    for index, (kind, points, frame, finding, length, unit) in enumerate(figures):
        region = hd.sr.ImageRegion(
            graphic_type=hd.sr.GraphicTypeValues[kind], graphic_data=np.array(points, float),
            source_image=hd.sr.SourceImageForRegion(
                referenced_sop_class_uid=source.SOPClassUID, referenced_sop_instance_uid=source.SOPInstanceUID,
                referenced_frame_numbers=[frame]))
        groups.append(hd.sr.PlanarROIMeasurementsAndQualitativeEvaluations(
            tracking_identifier=hd.sr.TrackingIdentifier(uid=f"2.25.4{index}", identifier=f"lesion {index}"),
            referenced_region=region, finding_type=CodedConcept(f"9{index}", "99TEST", finding),
            measurements=[hd.sr.Measurement(name=codes.SCT.Length, value=length, unit=unit)]))
    observer = hd.sr.ObserverContext(
        observer_type=codes.DCM.Person, observer_identifying_attributes=hd.sr.PersonObserverIdentifyingAttributes(name="A^B"))
    content = hd.sr.MeasurementReport(
        observation_context=hd.sr.ObservationContext(observer_person_context=observer),
        procedure_reported=codes.LN.CTUnspecifiedBodyRegion, imaging_measurements=groups,
        title=codes.DCM.ImagingMeasurementReport)
    file = hd.sr.ComprehensiveSR(
        evidence=[source], content=content[0], series_number=3, series_instance_uid="2.25.51", sop_instance_uid="2.25.52",
        instance_number=1, manufacturer="Simulated", is_complete=True, is_final=True)
    file.ContentDate, file.ContentTime = "20261122", "120000"
    file.InstanceCreationDate, file.InstanceCreationTime = "20261122", "120000"
    file.save_as(FOLDER / "sr-tid1500.dcm", enforce_file_format=True)


def code(value, scheme, meaning):
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return Sequence([item])


def content(kind, name, relationship, children=(), **values):
    item = Dataset()
    item.RelationshipType, item.ValueType = relationship, kind
    item.ConceptNameCodeSequence = name
    for key, value in values.items():
        setattr(item, key, value)
    if children:
        item.ContentSequence = Sequence(children)
    return item


def number(name, value, unit, children=()):
    measured = Dataset()
    measured.NumericValue = value
    measured.MeasurementUnitsCodeSequence = code(unit, "UCUM", unit)
    return content("NUM", name, "CONTAINS", children, MeasuredValueSequence=Sequence([measured]))


def ultrasound_report():
    """The shape of TID 5000 and its kin: findings in containers, sizes as numbers, calipers as points."""
    picture = Dataset()
    picture.RelationshipType, picture.ValueType = "SELECTED FROM", "IMAGE"
    reference = Dataset()
    reference.ReferencedSOPClassUID, reference.ReferencedSOPInstanceUID = "1.2.840.10008.5.1.4.1.1.6.1", "2.25.61"
    picture.ReferencedSOPSequence = Sequence([reference])
    calipers = content("SCOORD", code("121055", "DCM", "Path"), "INFERRED FROM", [picture], GraphicType="POLYLINE",
                       GraphicData=[10.0, 20.0, 50.0, 20.0])
    side = content("CODE", code("272741003", "SCT", "Laterality"), "HAS CONCEPT MOD",
                   ConceptCodeSequence=code("7771000", "SCT", "Left"))
    lesion = content("CONTAINER", code("125007", "DCM", "Measurement Group"), "CONTAINS", [
        content("CODE", code("121071", "DCM", "Finding"), "CONTAINS", ConceptCodeSequence=code("1", "99TEST", "Nodule")),
        number(code("103339001", "SCT", "Long Axis"), "2.35", "cm", [side, calipers]),
        number(code("103340004", "SCT", "Short Axis"), "11", "mm"),
        number(code("110843006", "SCT", "Velocity"), "40.5", "cm/s"),
    ], ContinuityOfContent="SEPARATE")
    file = Dataset()
    file.file_meta = FileMetaDataset()
    file.file_meta.TransferSyntaxUID = pydicom.uid.ImplicitVRLittleEndian
    file.file_meta.MediaStorageSOPClassUID = file.SOPClassUID = "1.2.840.10008.5.1.4.1.1.88.33"
    file.file_meta.MediaStorageSOPInstanceUID = file.SOPInstanceUID = "2.25.62"
    file.Modality, file.ValueType, file.ContinuityOfContent = "SR", "CONTAINER", "SEPARATE"
    file.ConceptNameCodeSequence = code("125100", "DCM", "Vascular Ultrasound Procedure Report")
    file.ContentSequence = Sequence([
        content("CONTAINER", code("121070", "DCM", "Findings"), "CONTAINS", [lesion], ContinuityOfContent="SEPARATE")])
    file.save_as(FOLDER / "sr-ultrasound.dcm", enforce_file_format=True)


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    run_lengths()
    labelme()
    segmentations()
    highdicom_segmentation()
    report()
    ultrasound_report()
    (FOLDER / "expected.json").write_text(json.dumps(expected, indent=0))
