//! The files that a command line names: nothing that is read or written may be overwritten by something else.
//!
//! Every command tells its files ([`Files`]); they are compared before anything is read, made or removed. Two names are
//! one file if they lead to the same place, through links as well.

use crate::failure::Failure;
use crate::global::{GlobalArgs, is_dash, is_stdout};
use heaviside::cubes::Places;
use heaviside::proof::FILES;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

/// A word of the command line and the file behind it.
#[derive(Clone, Copy, Debug)]
struct Named<'a> {
    word: &'static str,
    path: &'a Path,
}

/// Which files of a folder are not to be written under another name.
#[derive(Clone, Copy, Debug)]
enum Kept {
    /// Those of a proof, there or not.
    Proof,
    /// Those of cubes, there or not.
    Cubes,
    /// Tables and models that are there.
    Data,
}

/// A folder that a command reads or writes.
#[derive(Clone, Copy, Debug)]
struct Folder<'a> {
    named: Named<'a>,
    kept: Kept,
    is_written: bool,
}

/// What a command reads and writes.
#[derive(Debug, Default)]
pub struct Files<'a> {
    inputs: Vec<Named<'a>>,
    outputs: Vec<Named<'a>>,
    folders: Vec<Folder<'a>>,
}

impl<'a> Files<'a> {
    /// A file that is read.
    pub fn input(mut self, word: &'static str, path: impl Into<Option<&'a PathBuf>>) -> Self {
        self.inputs.extend(path.into().map(|path| Named { word, path }));
        self
    }

    /// A file that is written.
    pub fn output(mut self, word: &'static str, path: impl Into<Option<&'a PathBuf>>) -> Self {
        self.outputs.extend(path.into().map(|path| Named { word, path }));
        self
    }

    /// A proof folder that is written.
    pub fn proof(self, word: &'static str, path: impl Into<Option<&'a PathBuf>>) -> Self {
        self.folder(word, path.into().map(PathBuf::as_path), Kept::Proof, true)
    }

    /// A proof folder that is read.
    pub fn proof_read(self, word: &'static str, path: impl Into<Option<&'a PathBuf>>) -> Self {
        self.folder(word, path.into().map(PathBuf::as_path), Kept::Proof, false)
    }

    /// A folder of cubes: read, or written where nothing is.
    pub fn cubes(self, word: &'static str, path: impl Into<Option<&'a Path>>) -> Self {
        self.folder(word, path.into(), Kept::Cubes, false)
    }

    /// A folder of files that are read.
    pub fn data(self, word: &'static str, path: impl Into<Option<&'a PathBuf>>) -> Self {
        self.folder(word, path.into().map(PathBuf::as_path), Kept::Data, false)
    }

    fn folder(mut self, word: &'static str, path: Option<&'a Path>, kept: Kept, is_written: bool) -> Self {
        self.folders.extend(path.map(|path| Folder { named: Named { word, path }, kept, is_written }));
        self
    }

    /// The names of what is to be written, if the run ends before.
    pub fn unwritten(&self) -> Vec<String> {
        let outputs = self.outputs.iter().filter(|output| !is_stdout(output.path));
        let folders = self.folders.iter().filter(|folder| folder.is_written).map(|folder| &folder.named);
        outputs.chain(folders).map(|named| named.path.display().to_string()).collect()
    }

    /// Whether data of the command goes to standard output, which reports then leave alone.
    pub fn take_stdout(&self) -> bool {
        self.outputs.iter().any(|output| is_stdout(output.path) && output.word != LOG)
    }

    /// Refuses files that would be overwritten, and two uses of one standard stream.
    pub fn check(mut self, global: &'a GlobalArgs) -> Result<(), Failure> {
        self = self.output(LOG, global.log.as_ref());
        self.check_streams(global.json)?;
        if let Some(input) = self.inputs.iter().find(|input| input.path.is_dir()) {
            let shown = input.path.display();
            return Err(Failure::Input(format!("{shown} is a folder; {} needs a file", input.word)));
        }
        let outputs: Vec<(Named, Identity)> =
            self.outputs.iter().map(|named| (*named, Identity::of(named.path))).collect();
        for (k, (output, identity)) in outputs.iter().enumerate() {
            let inputs = self.inputs.iter().map(|input| (*input, Identity::of(input.path)));
            for (other, same) in inputs.chain(outputs[..k].iter().cloned()) {
                if identity.is_regular && identity.is(&same) {
                    return Err(clash(output, &other));
                }
            }
        }
        let inputs = self.inputs.iter().map(|input| (*input, Identity::of(input.path)));
        let inputs: Vec<(Named, Identity)> = inputs.collect();
        for folder in &self.folders {
            let read = inputs.iter().filter(|_| folder.is_written);
            folder.check(outputs.iter().chain(read))?;
        }
        Ok(())
    }

    fn check_streams(&self, json: bool) -> Result<(), Failure> {
        let named = |all: &[Named<'a>], is_stream: fn(&Path) -> bool| -> Vec<&'static str> {
            all.iter().filter(|named| is_stream(named.path)).map(|named| named.word).collect()
        };
        if let [first, second, ..] = named(&self.inputs, is_dash)[..] {
            return refuse(format!("{first} and {second} are both standard input (-); give one of them a file"));
        }
        let outputs = named(&self.outputs, is_stdout);
        if let [first, second, ..] = outputs[..] {
            return refuse(format!("{first} and {second} are both standard output (-); give one of them a file"));
        }
        if let (true, [first, ..]) = (json, &outputs[..]) {
            return refuse(format!("--json and {first} would both go to standard output; give {first} a file"));
        }
        match self.folders.iter().find(|folder| folder.is_written && is_dash(folder.named.path)) {
            Some(folder) => refuse(format!("{} needs a folder, not -", folder.named.word)),
            None => Ok(()),
        }
    }
}

/// The folder that a file is in.
pub fn parent(file: &Path) -> &Path {
    file.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new("."))
}

/// How the names of files end that experiments read.
const DATA: [&str; 4] = [".csv", ".json", ".mps", ".lp"];

/// The option that names the log.
const LOG: &str = "--log";

fn refuse(message: String) -> Result<(), Failure> {
    Err(Failure::Input(message))
}

fn clash(output: &Named, other: &Named) -> Failure {
    let shown = output.path.display();
    let (word, other_word) = (output.word, other.word);
    Failure::Input(format!("{word} {shown} would overwrite {other_word} {}; choose another file", other.path.display()))
}

impl Folder<'_> {
    /// Refuses a file that is the folder itself, or one of those that it keeps.
    fn check<'f>(&self, files: impl Iterator<Item = &'f (Named<'f>, Identity)>) -> Result<(), Failure> {
        let itself = Identity::of(self.named.path);
        let entries = fs::read_dir(self.named.path).into_iter().flatten().flatten();
        let names = entries.map(|entry| entry.file_name()).filter(|name| self.kept.keeps(name));
        let there: Vec<Identity> = names.map(|name| Identity::of(&self.named.path.join(name))).collect();
        for (file, identity) in files {
            if identity.is(&itself) {
                let (written, other) = if self.is_written { (&self.named, file) } else { (file, &self.named) };
                return Err(clash(written, other));
            }
            let is_reserved = !matches!(self.kept, Kept::Data)
                && identity.resolved.as_deref().is_some_and(|path| {
                    path.parent() == itself.resolved.as_deref()
                        && path.file_name().is_some_and(|name| self.kept.keeps(name))
                });
            if is_reserved || there.iter().any(|kept| identity.is_regular && identity.is(kept)) {
                let (word, path, folder) = (file.word, file.path.display(), self.named.path.display());
                let kind = self.kept.describe();
                return refuse(format!("{word} {path} is a file of the {kind} {folder}; choose another place"));
            }
        }
        Ok(())
    }
}

impl Kept {
    fn keeps(self, name: &OsStr) -> bool {
        let Some(name) = name.to_str() else { return false };
        match self {
            Self::Proof => FILES.contains(&name.strip_suffix(".gz").unwrap_or(name)),
            Self::Cubes => Places::keep(name),
            Self::Data => {
                let name = name.to_ascii_lowercase();
                let name = name.strip_suffix(".gz").unwrap_or(&name);
                DATA.iter().any(|ending| name.ends_with(ending))
            }
        }
    }

    fn describe(self) -> &'static str {
        match self {
            Self::Proof => "proof folder",
            Self::Cubes => "folder of cubes",
            Self::Data => "folder of data",
        }
    }
}

/// Where a path leads.
#[derive(Clone, Debug)]
struct Identity {
    /// The way there without links, as far as it exists.
    resolved: Option<PathBuf>,
    /// Device and index of an existing file.
    node: Option<(u64, u64)>,
    /// A regular file, or a name that is free: writing there destroys what is or comes there.
    is_regular: bool,
}

impl Identity {
    fn of(path: &Path) -> Self {
        if is_stdout(path) {
            return Self { resolved: None, node: None, is_regular: false };
        }
        let found = fs::metadata(path).ok();
        let resolved =
            fs::canonicalize(path).ok().or_else(|| Some(fs::canonicalize(parent(path)).ok()?.join(path.file_name()?)));
        let is_regular = found.as_ref().is_none_or(fs::Metadata::is_file);
        Self { resolved, node: found.as_ref().and_then(node), is_regular }
    }

    fn is(&self, other: &Self) -> bool {
        self.node.is_some() && self.node == other.node || self.resolved.is_some() && self.resolved == other.resolved
    }
}

#[cfg(unix)]
fn node(meta: &fs::Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    Some((meta.dev(), meta.ino()))
}

#[cfg(not(unix))]
fn node(_: &fs::Metadata) -> Option<(u64, u64)> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(path: Option<PathBuf>) -> GlobalArgs {
        GlobalArgs { json: false, log: path, quiet: false, verbose: false }
    }

    #[test]
    fn one_file_by_any_name() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        fs::write(path("data"), "1").unwrap();
        fs::create_dir(path("folder")).unwrap();
        fs::hard_link(path("data"), path("hard")).unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(path("data"), path("soft")).unwrap();
        for name in ["data", "hard", "soft", "folder/../data", "./data"] {
            let (input, output) = (path("data"), path(name));
            let files = Files::default().input("DATA", &input).output("--out", &output);
            let message = files.check(&log(None)).unwrap_err().to_string();
            assert!(message.starts_with("--out ") && message.contains("would overwrite DATA "), "{message}");
            let files = Files::default().input("DATA", &input);
            assert!(files.check(&log(Some(output))).unwrap_err().to_string().starts_with("--log "));
        }
        // Two outputs, neither there yet.
        let (one, two) = (path("new"), path("folder/../new"));
        assert!(Files::default().output("--out", &one).output("--solution", &two).check(&log(None)).is_err());
        let other = path("other");
        assert!(Files::default().output("--out", &one).output("--solution", &other).check(&log(None)).is_ok());
        let null = PathBuf::from("/dev/null");
        assert!(Files::default().output("--out", &null).output("--solution", &null).check(&log(None)).is_ok());
    }

    #[test]
    fn proof_folders_keep_their_names_to_themselves() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        let folder = dir.path().to_path_buf();
        for name in ["network.json", "model.mps.gz", "./problem.json"] {
            let file = path(name);
            assert!(Files::default().input("--start", &file).proof("--proof", &folder).check(&log(None)).is_err());
            assert!(Files::default().output("--out", &file).proof("--proof", &folder).check(&log(None)).is_err());
            assert!(Files::default().proof_read("DIR", &folder).check(&log(Some(file))).is_err());
        }
        let file = path("data.csv");
        assert!(Files::default().input("DATA", &file).proof("--proof", &folder).check(&log(None)).is_ok());
        // One name for a folder and for a file.
        fs::write(&file, "1").unwrap();
        let (new, again) = (path("new"), path("./new"));
        let message = Files::default().output("--out", &new).proof("--proof", &again).check(&log(None)).unwrap_err();
        assert!(message.to_string().contains("--proof ") && message.to_string().contains("would overwrite --out "));
        assert!(Files::default().input("DATA", &file).proof("--proof", &file).check(&log(None)).is_err());
        assert!(Files::default().proof("--proof", &new).check(&log(Some(again))).is_err());
        assert!(Files::default().proof_read("DIR", &new).output("--out", &new).check(&log(None)).is_err());
    }

    #[test]
    fn folders_keep_their_files() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        let folder = dir.path().to_path_buf();
        for name in ["tree.json", "cube-0001.json", "cube-0007.result.json"] {
            let file = path(name);
            let message = Files::default().cubes("JOBS", &*folder).check(&log(Some(file.clone()))).unwrap_err();
            assert!(message.to_string().contains("is a file of the folder of cubes"), "{message}");
            let merged = Files::default().cubes("JOBS", &*folder).output("--out", &file);
            assert!(merged.check(&log(None)).is_err(), "{name}");
        }
        let file = path("model.json");
        assert!(Files::default().cubes("JOBS", &*folder).output("--out", &file).check(&log(None)).is_ok());
        let worker = path("cube-0001.log");
        assert!(Files::default().cubes("JOBS", &*folder).check(&log(Some(worker))).is_ok());
        // Data have no names of their own: tables and models that are there are read.
        let figure = path("r.svg");
        fs::write(&figure, "1").unwrap();
        assert!(Files::default().data("--data", &folder).output("--figure", &figure).check(&log(None)).is_ok());
        assert!(Files::default().data("--data", &folder).check(&log(Some(file.clone()))).is_ok());
        fs::write(&file, "1").unwrap();
        let message = Files::default().data("--data", &folder).check(&log(Some(file))).unwrap_err();
        assert!(message.to_string().contains("is a file of the folder of data"), "{message}");
        #[cfg(unix)]
        {
            let elsewhere = tempfile::tempdir().unwrap();
            let link = elsewhere.path().join("link");
            std::os::unix::fs::symlink(path("model.json"), &link).unwrap();
            assert!(Files::default().data("--data", &folder).check(&log(Some(link))).is_err());
        }
    }

    #[test]
    fn standard_streams_are_used_once() {
        let dash = PathBuf::from("-");
        let twice = Files::default().input("MODEL", &dash).input("--start", &dash);
        assert!(twice.check(&log(None)).unwrap_err().to_string().contains("standard input"));
        let twice = Files::default().output("--solution", &dash).output("--certificate", &dash);
        assert!(twice.check(&log(None)).unwrap_err().to_string().contains("standard output"));
        let json = GlobalArgs { json: true, ..log(None) };
        assert!(Files::default().output("--out", &dash).check(&json).is_err());
        let both = Files::default().input("MODEL", &dash).output("--solution", &dash);
        assert!(both.take_stdout() && both.check(&log(None)).is_ok());
        assert!(Files::default().proof("--proof", &dash).check(&log(None)).is_err());
    }
}
