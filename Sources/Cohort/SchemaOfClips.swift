extension Schema {
  /// Clips, frames and panels beside stills; what a scanner says of them; lesions without a label; what an import left out.
  static let fourth = """
    CREATE TABLE lesion_without_label (
      id INTEGER PRIMARY KEY,
      patient_id INTEGER NOT NULL REFERENCES patient (id),
      key TEXT NOT NULL UNIQUE,
      label TEXT CHECK (label IN ('benign', 'malignant')),
      histology TEXT,
      size_mm REAL CHECK (size_mm > 0),
      background TEXT
    );
    INSERT INTO lesion_without_label SELECT id, patient_id, key, label, histology, size_mm, background FROM lesion;
    DROP TABLE lesion;
    ALTER TABLE lesion_without_label RENAME TO lesion;
    CREATE INDEX lesion_of_patient ON lesion (patient_id);

    -- 16 bits each of salted hashes of the name, and of name and birth date: enough to tell that two differ, too few to find out
    -- what they were.
    ALTER TABLE patient ADD COLUMN name_hash INTEGER;
    ALTER TABLE patient ADD COLUMN person_hash INTEGER;
    CREATE TABLE salt (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      bytes BLOB NOT NULL
    );

    ALTER TABLE image ADD COLUMN kind TEXT NOT NULL DEFAULT 'still' CHECK (kind IN ('still', 'frame', 'clip'));
    ALTER TABLE image ADD COLUMN frames INTEGER NOT NULL DEFAULT 1 CHECK (frames > 0);
    -- Counted from 0; of kind 'frame' only.
    ALTER TABLE image ADD COLUMN frame_index INTEGER CHECK (frame_index >= 0);
    -- The part of the file's frames that is the image; NULL for all of it.
    ALTER TABLE image ADD COLUMN crop_x REAL;
    ALTER TABLE image ADD COLUMN crop_y REAL;
    ALTER TABLE image ADD COLUMN crop_width REAL;
    ALTER TABLE image ADD COLUMN crop_height REAL;
    -- Millimetres from one pixel to the next.
    ALTER TABLE image ADD COLUMN spacing_x REAL;
    ALTER TABLE image ADD COLUMN spacing_y REAL;
    CREATE INDEX image_of_file ON image (file_id);
    -- Float64, little endian: milliseconds of each frame after the first.
    CREATE TABLE clip_time (
      file_id INTEGER PRIMARY KEY REFERENCES file (id),
      milliseconds BLOB NOT NULL
    );
    CREATE TABLE picture_region (
      image_id INTEGER NOT NULL REFERENCES image (id),
      place INTEGER NOT NULL,
      content TEXT NOT NULL,
      x REAL NOT NULL, y REAL NOT NULL, width REAL NOT NULL, height REAL NOT NULL,
      spacing_x REAL, spacing_y REAL,
      PRIMARY KEY (image_id, place)
    ) WITHOUT ROWID;
    CREATE TABLE acquisition (
      image_id INTEGER PRIMARY KEY REFERENCES image (id),
      sop_instance TEXT,
      sop_class TEXT,
      transducer TEXT,
      contrast_agent TEXT,
      mechanical_index REAL,
      depth_mm REAL
    );
    CREATE INDEX acquisition_of_instance ON acquisition (sop_instance);
    -- Further frames of a clip by which copies of it are found; the first stands in image and picture.
    CREATE TABLE clip_look (
      image_id INTEGER NOT NULL REFERENCES image (id),
      frame INTEGER NOT NULL,
      hash BLOB NOT NULL,
      thumbnail BLOB NOT NULL,
      pixels BLOB NOT NULL,
      PRIMARY KEY (image_id, frame)
    );

    -- What the last import of each source could not bring in.
    CREATE TABLE import_failure (
      id INTEGER PRIMARY KEY,
      source TEXT NOT NULL,
      file TEXT NOT NULL,
      reason TEXT NOT NULL,
      imported TEXT NOT NULL
    );
    CREATE INDEX import_failure_of_source ON import_failure (source);
    -- Which files an import need not read again: a hash of place and name, one of what the source said of it with its files' sizes
    -- and times, and what became of it.
    CREATE TABLE import_journal (
      key TEXT PRIMARY KEY,
      stamp TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('image', 'repeat', 'left-out')),
      fingerprint TEXT
    ) WITHOUT ROWID;
    """
}
