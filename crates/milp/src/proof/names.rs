//! Names as a certificate can hold them.

use std::borrow::Cow;

use crate::model::{Model, repeated};
use crate::{Budget, Error};

/// Refuses names that are empty or repeated, or that could be told from another only by what is escaped. `None` when the budget is over.
pub(super) fn check_names(model: &Model, budget: &Budget) -> Result<Option<()>, Error> {
    let refuse = |message| Err(Error::Model { model: model.name.clone(), message });
    let names = model.variables.iter().map(|var| var.name.as_str());
    let (mut escaped, mut like_escaped) = (None, None);
    for name in names.clone() {
        if budget.spend(1 + name.len()) {
            return Ok(None);
        }
        if name.is_empty() {
            return refuse("a column without a name cannot stand in a certificate; name it".to_owned());
        }
        if escaped.is_none() && matches!(written_name(name), Cow::Owned(_)) {
            escaped = Some(name);
        }
        if like_escaped.is_none() && name.contains("\\x") {
            like_escaped = Some(name);
        }
    }
    if let (Some(escaped), Some(name)) = (escaped, like_escaped) {
        return refuse(format!(
            "the column names '{name}' and '{escaped}' cannot both stand in a certificate; rename one"
        ));
    }
    match repeated(names, budget) {
        None => Ok(None),
        Some(None) => Ok(Some(())),
        Some(Some(name)) => refuse(format!("two columns are named '{name}'; a certificate needs unique names")),
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
            check_names(&model, &Budget::default())
        };
        assert!(check(&["a b", "ab", "a"]).is_ok() && check(&["a\\x20b", "c"]).is_ok());
        for names in [&["a", ""][..], &["a", "b", "a"], &["a\\x20b", "a b"]] {
            assert!(check(names).is_err(), "{names:?}");
        }
    }
}
