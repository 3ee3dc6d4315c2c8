import GRDB

/// The catalogue's tables. A migration that has shipped is never changed; a later one is added below it.
enum Schema {
  /// "INSN", in the header of the SQLite file: tells a catalogue from any other database.
  static let applicationID: Int32 = 0x494E_534E

  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 patients, lesions, exams, images") { database in
      try database.execute(sql: "PRAGMA application_id = \(applicationID)")
      try database.execute(sql: first)
    }
    migrator.registerMigration("2 masks of calcifications") { try $0.execute(sql: second) }
    migrator.registerMigration("3 pictures to find copies by") { try $0.execute(sql: third) }
    migrator.registerMigration("4 clips, exams, regions") { try $0.execute(sql: fourth) }
    migrator.registerMigration("5 tables of the cohort as a whole") { try $0.execute(sql: fifth) }
    migrator.registerMigration("6 regions of interest") { try $0.execute(sql: sixth) }
    migrator.registerMigration("7 images searched for near-duplicates") { try $0.execute(sql: seventh) }
    migrator.registerMigration("8 images that became pairs of panels") { try $0.execute(sql: eighth) }
    return migrator
  }

  private static let second = """
    CREATE TABLE calcification_mask (
      image_id INTEGER NOT NULL REFERENCES image (id),
      place INTEGER NOT NULL,
      file_id INTEGER NOT NULL REFERENCES file (id),
      PRIMARY KEY (image_id, place)
    ) WITHOUT ROWID;
    """

  /// Empty for the images of an earlier version until `Catalogue.refreshLikeness`.
  private static let third = """
    CREATE TABLE picture (
      image_id INTEGER PRIMARY KEY REFERENCES image (id),
      pixels BLOB NOT NULL
    );
    -- One row: the search for near-duplicates that gave the images their groups.
    CREATE TABLE likeness (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      version INTEGER NOT NULL,
      images INTEGER NOT NULL,
      examined INTEGER NOT NULL,
      confirmed INTEGER NOT NULL
    );
    """

  private static let fifth = """
    CREATE TABLE document (
      kind TEXT PRIMARY KEY,
      text TEXT NOT NULL
    ) WITHOUT ROWID;
    """

  /// What the last search for near-duplicates saw, so that the next need look for new images only. Empty for a cohort of an earlier
  /// version, of which all are looked for once more.
  private static let seventh = """
    CREATE TABLE likeness_member (
      image_id INTEGER PRIMARY KEY REFERENCES image (id),
      -- Where it was known.
      patient INTEGER
    );
    """

  private static let first = """
    CREATE TABLE patient (
      id INTEGER PRIMARY KEY,
      key TEXT NOT NULL UNIQUE,
      known INTEGER NOT NULL CHECK (known IN (0, 1))
    );
    CREATE TABLE lesion (
      id INTEGER PRIMARY KEY,
      patient_id INTEGER NOT NULL REFERENCES patient (id),
      key TEXT NOT NULL UNIQUE,
      label TEXT NOT NULL CHECK (label IN ('benign', 'malignant')),
      histology TEXT,
      size_mm REAL CHECK (size_mm > 0),
      background TEXT
    );
    CREATE INDEX lesion_of_patient ON lesion (patient_id);
    CREATE TABLE exam (
      id INTEGER PRIMARY KEY,
      patient_id INTEGER NOT NULL REFERENCES patient (id),
      key TEXT, date TEXT, site TEXT, device TEXT
    );
    CREATE INDEX exam_of_patient ON exam (patient_id);
    CREATE TABLE file (
      id INTEGER PRIMARY KEY,
      sha256 TEXT NOT NULL UNIQUE,
      name TEXT NOT NULL UNIQUE,
      bytes INTEGER NOT NULL
    );
    CREATE TABLE image (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE,
      lesion_id INTEGER NOT NULL REFERENCES lesion (id),
      exam_id INTEGER REFERENCES exam (id),
      file_id INTEGER NOT NULL REFERENCES file (id),
      width INTEGER NOT NULL,
      height INTEGER NOT NULL,
      modality TEXT NOT NULL,
      pair TEXT,
      frame TEXT,
      split TEXT,
      region_x REAL, region_y REAL, region_width REAL, region_height REAL,
      background_x REAL, background_y REAL, background_width REAL, background_height REAL,
      hash BLOB NOT NULL,
      thumbnail BLOB NOT NULL,
      duplicate_group TEXT,
      fingerprint TEXT NOT NULL
    );
    CREATE INDEX image_of_lesion ON image (lesion_id);
    CREATE TABLE mask (
      image_id INTEGER NOT NULL REFERENCES image (id),
      place INTEGER NOT NULL,
      file_id INTEGER NOT NULL REFERENCES file (id),
      PRIMARY KEY (image_id, place)
    ) WITHOUT ROWID;
    CREATE TABLE clinical_column (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE
    );
    -- A value that is the same in all images of a lesion is kept once; an image's own value goes before its lesion's.
    CREATE TABLE lesion_value (
      lesion_id INTEGER NOT NULL REFERENCES lesion (id),
      column_id INTEGER NOT NULL REFERENCES clinical_column (id),
      text TEXT NOT NULL,
      PRIMARY KEY (lesion_id, column_id)
    ) WITHOUT ROWID;
    CREATE TABLE image_value (
      image_id INTEGER NOT NULL REFERENCES image (id),
      column_id INTEGER NOT NULL REFERENCES clinical_column (id),
      text TEXT NOT NULL,
      PRIMARY KEY (image_id, column_id)
    ) WITHOUT ROWID;
    """

  /// Images of screens with two panels that became two images, by the name they had: so that an import of their source again
  /// knows them.
  private static let eighth = """
    CREATE TABLE divided_image (
      name TEXT PRIMARY KEY,
      fingerprint TEXT NOT NULL,
      -- What the panels were told by, and how surely (0 to 1).
      evidence TEXT NOT NULL,
      confidence REAL NOT NULL
    ) WITHOUT ROWID;
    -- Its keys were hashes without salt.
    DELETE FROM import_journal;
    """
}
