//! What becomes of nodes, in the words of traces.

use budget::observe::Ending;

/// The words, in the order of counts.
pub(crate) const WORDS: [(Ending, &str); 7] = [
    (Ending::Branched, "branched"),
    (Ending::Infeasible, "infeasible"),
    (Ending::Fathomed, "fathomed"),
    (Ending::Integer, "integer"),
    (Ending::Conflict, "conflict"),
    (Ending::Unresolved, "unresolved"),
    (Ending::Open, "open"),
];

/// The word of an ending; `other` for none that this version knows.
pub(crate) fn word(ending: Option<Ending>) -> &'static str {
    let known = WORDS.iter().find(|(known, _)| Some(*known) == ending);
    known.map_or("other", |(_, word)| word)
}

/// An ending as its word, for serde.
pub(crate) mod in_words {
    use super::{Ending, WORDS, word};
    use serde::{Deserialize, Deserializer, Serializer};
    use std::borrow::Cow;

    #[allow(clippy::trivially_copy_pass_by_ref)] // serde wants it so
    pub fn serialize<S: Serializer>(ending: &Option<Ending>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(word(*ending))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Ending>, D::Error> {
        let word = Cow::<str>::deserialize(deserializer)?;
        Ok(WORDS.iter().find(|(_, known)| *known == word).map(|(ending, _)| *ending))
    }
}
