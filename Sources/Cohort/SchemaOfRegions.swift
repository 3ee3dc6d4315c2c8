extension Schema {
  /// What people, or the tracker, marked in images, and the files that it came from.
  static let sixth = """
    CREATE TABLE annotation_file (
      sha256 TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      kind TEXT NOT NULL,
      -- Pictures that it marks and the cohort did not have: with any, it is read again.
      absent INTEGER NOT NULL,
      imported TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE region_of_interest (
      image_id INTEGER NOT NULL REFERENCES image (id),
      place INTEGER NOT NULL,
      role TEXT NOT NULL CHECK (role IN ('lesion', 'background', 'calcification')),
      -- Of a clip, counted from 0; NULL for a still, and for what holds in every frame of a clip.
      frame INTEGER CHECK (frame >= 0),
      origin TEXT NOT NULL CHECK (origin IN ('drawn', 'tracked')),
      confidence REAL CHECK (confidence BETWEEN 0 AND 1),
      label TEXT CHECK (label IN ('benign', 'malignant')),
      name TEXT,
      -- JSON of a box, a polygon or a mask, in pixels of the image.
      shape TEXT NOT NULL,
      -- The box around it.
      x REAL NOT NULL, y REAL NOT NULL, width REAL NOT NULL, height REAL NOT NULL,
      -- NULL for what was tracked in the cohort.
      file_sha256 TEXT REFERENCES annotation_file (sha256),
      PRIMARY KEY (image_id, place)
    ) WITHOUT ROWID;
    """
}
