//! Names as a certificate can hold them.

use std::borrow::Cow;

use crate::Error;
use crate::model::Model;

/// Refuses names that are empty or repeated, or that could be told from another only by what is escaped.
pub(super) fn check_names(model: &Model) -> Result<(), Error> {
    let refuse = |message| Err(Error::Model { model: model.name.clone(), message });
    let mut names: Vec<&str> = model.variables.iter().map(|var| var.name.as_str()).collect();
    if names.iter().any(|name| name.is_empty()) {
        return refuse("a column without a name cannot stand in a certificate; name it".to_owned());
    }
    let is_escaped = |name: &&&str| matches!(written_name(name), Cow::Owned(_));
    if let Some(escaped) = names.iter().find(is_escaped)
        && let Some(name) = names.iter().find(|name| name.contains("\\x"))
    {
        return refuse(format!(
            "the column names '{name}' and '{escaped}' cannot both stand in a certificate; rename one"
        ));
    }
    names.sort_unstable();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => refuse(format!("two columns are named '{}'; a certificate needs unique names", pair[0])),
        None => Ok(()),
    }
}

/// How a column's name stands in a certificate, where blanks end a word and `%` begins a comment: such bytes are written as `\x`
/// and two hexadecimal digits.
pub(super) fn written_name(name: &str) -> Cow<'_, str> {
    let escaped = |at: usize, c: char| c.is_ascii_whitespace() || (at == 0 && c == '%');
    if !name.char_indices().any(|(at, c)| escaped(at, c)) {
        return name.into();
    }
    let mut out = String::with_capacity(name.len() + 9);
    for (at, c) in name.char_indices() {
        if escaped(at, c) {
            out.push_str(&format!("\\x{:02x}", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::VarKind;

    #[test]
    fn names_of_columns() {
        assert_eq!(written_name("x_1%"), "x_1%");
        assert_eq!(written_name("PLANT 1"), "PLANT\\x201");
        assert_eq!(written_name("%a\tb"), "\\x25a\\x09b");
        let check = |names: &[&str]| {
            let mut model = Model::new("t");
            for name in names {
                model.add_var(*name, 0.0, 1.0, 0.0, VarKind::Continuous);
            }
            check_names(&model)
        };
        assert!(check(&["a b", "ab", "a"]).is_ok() && check(&["a\\x20b", "c"]).is_ok());
        for names in [&["a", ""][..], &["a", "b", "a"], &["a\\x20b", "a b"]] {
            assert!(check(names).is_err(), "{names:?}");
        }
    }
}
