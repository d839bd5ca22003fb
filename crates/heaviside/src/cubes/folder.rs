//! A folder of cubes is made, and one of its cubes is split.

use super::file::{read, to_bytes, write, write_new};
use super::places::Places;
use super::terms::Term;
use super::tree::TreeFile;
use crate::error::Error;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::path::Path;

/// Writes a folder, which is made if it is not there and must not hold cubes: the best answer known, the cubes of a tree, the tree and the problem, which comes last:
/// without it there are none.
pub(super) fn publish<O, B>(
    folder: &Path,
    incumbent: Option<&[u8]>,
    tree: &TreeFile<O, B>,
    problem: &[u8],
) -> Result<(), Error>
where
    O: Clone + Serialize + DeserializeOwned,
    B: Serialize + DeserializeOwned,
{
    std::fs::create_dir_all(folder).map_err(|source| Error::file(folder, source))?;
    let places = Places::new(folder);
    let taken = |file: &Path| {
        let what =
            "is there: the folder holds cubes already; name a new one, or remove what an interrupted run has left";
        Err(Error::Cubes(format!("{}: {what}", file.display())))
    };
    let cubes = tree.cubes(&places.tree(), &[])?;
    let named = cubes.iter().map(|cube| places.cube(&cube.cube));
    let files = [places.problem(), places.tree(), places.incumbent()].into_iter().chain(named);
    if let Some(file) = files.into_iter().find(|file| file.exists()) {
        return taken(&file);
    }
    if let Some(bytes) = incumbent {
        write(&places.incumbent(), bytes)?;
    }
    cubes.iter().try_for_each(|cube| cube.write(&places))?;
    write(&places.tree(), &to_bytes(tree)?)?;
    if write_new(&places.problem(), problem)? { Ok(()) } else { taken(&places.problem()) }
}

/// The tree of a cube that was split, by whoever was first: what is missing of the files of its parts is written.
pub(super) fn complete<O, B>(path: &Path, places: &Places, within: &[Term<O>]) -> Result<TreeFile<O, B>, Error>
where
    O: Clone + Serialize + DeserializeOwned,
    B: Serialize + DeserializeOwned,
{
    let tree: TreeFile<O, B> = read(path)?;
    tree.cubes(path, within)?.iter().try_for_each(|cube| cube.write(places))?;
    Ok(tree)
}
