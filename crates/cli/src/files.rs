//! The files that a command line names: nothing that is read or written may be overwritten by something else.
//!
//! Every command tells its files ([`Files`]); they are compared before anything is read, made or removed. Two names are
//! one file if they lead to the same place, through links as well.

use crate::failure::Failure;
use crate::global::{GlobalArgs, is_dash, is_stdout};
use heaviside::proof::FILES;
use std::fs;
use std::path::{Path, PathBuf};

/// A word of the command line and the file behind it.
#[derive(Clone, Copy, Debug)]
struct Named<'a> {
    word: &'static str,
    path: &'a Path,
}

/// What a command reads and writes.
#[derive(Debug, Default)]
pub struct Files<'a> {
    inputs: Vec<Named<'a>>,
    outputs: Vec<Named<'a>>,
    proof: Option<Named<'a>>,
    proof_read: Option<Named<'a>>,
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
    pub fn proof(mut self, word: &'static str, path: impl Into<Option<&'a PathBuf>>) -> Self {
        self.proof = path.into().map(|path| Named { word, path });
        self
    }

    /// A proof folder that is read.
    pub fn proof_read(mut self, word: &'static str, path: &'a PathBuf) -> Self {
        self.proof_read = Some(Named { word, path });
        self
    }

    /// The names of what is to be written, if the run ends before.
    pub fn unwritten(&self) -> Vec<String> {
        let outputs = self.outputs.iter().filter(|output| !is_stdout(output.path));
        outputs.chain(&self.proof).map(|named| named.path.display().to_string()).collect()
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
        let folders = [self.proof, self.proof_read].into_iter().flatten();
        for folder in folders.map(|folder| (folder, Identity::of(folder.path))) {
            let read = inputs.clone().filter(|_| self.proof.is_some());
            if let Some((other, _)) = outputs.iter().cloned().chain(read).find(|(_, file)| file.is(&folder.1)) {
                return Err(clash(&folder.0, &other));
            }
        }
        let files: Vec<(Named, Identity)> = inputs.chain(outputs.iter().cloned()).collect();
        self.proof.map_or(Ok(()), |folder| outside(&folder, &files))?;
        self.proof_read.map_or(Ok(()), |folder| outside(&folder, &outputs))
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
        match self.proof {
            Some(folder) if is_dash(folder.path) => refuse(format!("{} needs a folder, not -", folder.word)),
            _ => Ok(()),
        }
    }
}

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

/// Refuses files that have the name of a proof file in `folder`.
fn outside(folder: &Named, files: &[(Named, Identity)]) -> Result<(), Failure> {
    let mut reserved = FILES.iter().flat_map(|name| [(*name).to_owned(), format!("{name}.gz")]);
    let clashing = reserved.find_map(|name| {
        let identity = Identity::of(&folder.path.join(name));
        files.iter().find(|(_, file)| file.is(&identity)).map(|(named, _)| named)
    });
    clashing.map_or(Ok(()), |named| {
        let (word, path) = (named.word, named.path.display());
        refuse(format!("{word} {path} is a file of the proof folder {}; choose another place", folder.path.display()))
    })
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
        let resolved = fs::canonicalize(path).ok().or_else(|| {
            let parent = path.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new("."));
            Some(fs::canonicalize(parent).ok()?.join(path.file_name()?))
        });
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
