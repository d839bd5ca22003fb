//! Where files are.

use std::path::{Path, PathBuf};

/// Where the files of a folder of cubes are.
#[derive(Clone, Debug)]
pub struct Places {
    folder: PathBuf,
}

impl Places {
    /// In `folder`.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_path_buf() }
    }

    /// Beside a cube's file.
    #[must_use]
    pub fn beside(cube: &Path) -> Self {
        Self::new(cube.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new(".")))
    }

    /// Whether a file of this name is one that a folder of cubes has or will have.
    #[must_use]
    pub fn keep(name: &str) -> bool {
        let of_cube = |name: &str| [".json", ".proof", ".state"].iter().any(|ending| name.ends_with(ending));
        ["problem.json", "tree.json", "incumbent.json"].contains(&name)
            || name.strip_prefix("cube-").is_some_and(of_cube)
    }

    /// `problem.json`.
    #[must_use]
    pub fn problem(&self) -> PathBuf {
        self.folder.join("problem.json")
    }

    /// `tree.json`.
    #[must_use]
    pub fn tree(&self) -> PathBuf {
        self.folder.join("tree.json")
    }

    /// `incumbent.json`.
    #[must_use]
    pub fn incumbent(&self) -> PathBuf {
        self.folder.join("incumbent.json")
    }

    /// `cube-NAME.json`.
    #[must_use]
    pub fn cube(&self, name: &str) -> PathBuf {
        self.folder.join(format!("cube-{name}.json"))
    }

    /// `cube-NAME.result.json`.
    #[must_use]
    pub fn result(&self, name: &str) -> PathBuf {
        self.folder.join(format!("cube-{name}.result.json"))
    }

    /// `cube-NAME.split.json`.
    #[must_use]
    pub fn split(&self, name: &str) -> PathBuf {
        self.folder.join(format!("cube-{name}.split.json"))
    }

    /// `cube-NAME.proof`.
    #[must_use]
    pub fn proof(&self, name: &str) -> PathBuf {
        self.folder.join(format!("cube-{name}.proof"))
    }

    /// `cube-NAME.state`.
    #[must_use]
    pub fn state(&self, name: &str) -> PathBuf {
        self.folder.join(format!("cube-{name}.state"))
    }
}
