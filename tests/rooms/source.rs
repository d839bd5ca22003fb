//! The modules of a crate and the paths that its files name, read from the text: what a compiler sees of `use`, `mod` and
//! paths, without comments, strings and whatever is compiled for tests alone.

use std::collections::BTreeMap;
use std::path::Path;

/// A piece of text that matters for paths.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    /// `::` is `':'`.
    Mark(char),
}

/// A path that a file names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub path: Vec<String>,
    /// The name it has here, if a `use` gives it one (`*` for all names of a module).
    pub alias: Option<String>,
    /// Of a `pub use`: others may take the name from here.
    pub public: bool,
}

/// One file of a crate.
#[derive(Clone, Debug, Default)]
pub struct File {
    /// Module path without `crate`; empty for lib.rs and main.rs.
    pub module: Vec<String>,
    pub children: Vec<String>,
    pub named: Vec<Named>,
}

impl File {
    pub fn parse(module: Vec<String>, text: &str) -> Self {
        let tokens = without_tests(tokens(text));
        let mut file = Self { module, ..Self::default() };
        let mut at = 0;
        while at < tokens.len() {
            at = file.item(&tokens, at);
        }
        let children = file.children.clone();
        file.named.retain(|named| {
            let first = named.path[0].as_str();
            matches!(first, "crate" | "super" | "self") || children.iter().any(|child| child == first)
        });
        file
    }

    /// Reads one token or statement; returns where the next begins.
    fn item(&mut self, tokens: &[Token], at: usize) -> usize {
        let word = |k: usize| if let Some(Token::Word(word)) = tokens.get(k) { word.as_str() } else { "" };
        match word(at) {
            "use" => {
                let before = |back: usize| at.checked_sub(back).and_then(|k| tokens.get(k));
                let public = before(1) == Some(&Token::Word("pub".to_owned())) || before(1) == Some(&Token::Mark(')'));
                self.tree(tokens, at + 1, &[], public)
            }
            "mod" if tokens.get(at + 2) == Some(&Token::Mark(';')) => {
                self.children.push(word(at + 1).to_owned());
                at + 3
            }
            "" => at + 1,
            first => {
                let within = at.checked_sub(1).and_then(|k| tokens.get(k)) == Some(&Token::Mark(':'));
                let mut path = vec![first.to_owned()];
                let mut next = at + 1;
                while tokens.get(next) == Some(&Token::Mark(':')) && !word(next + 1).is_empty() {
                    path.push(word(next + 1).to_owned());
                    next += 2;
                }
                if !within && path.len() > 1 {
                    self.named.push(Named { path, alias: None, public: false });
                }
                next
            }
        }
    }

    /// Reads a use tree below `prefix`; returns where what follows it begins.
    fn tree(&mut self, tokens: &[Token], mut at: usize, prefix: &[String], public: bool) -> usize {
        let mut path = prefix.to_vec();
        loop {
            match tokens.get(at) {
                Some(Token::Word(word)) if word == "as" => {
                    if let Some(Token::Word(alias)) = tokens.get(at + 1) {
                        self.named.push(Named { path, alias: Some(alias.clone()), public });
                    }
                    return at + 2;
                }
                Some(Token::Word(word)) => path.push(word.clone()),
                Some(Token::Mark(':')) => {}
                Some(Token::Mark('*')) => {
                    self.named.push(Named { path, alias: Some("*".to_owned()), public });
                    return at + 1;
                }
                Some(Token::Mark('{')) => {
                    at += 1;
                    while tokens.get(at).is_some_and(|token| *token != Token::Mark('}')) {
                        at = self.tree(tokens, at, &path, public);
                        at += usize::from(tokens.get(at) == Some(&Token::Mark(',')));
                    }
                    return at + 1;
                }
                _ => {
                    if path.last().is_some_and(|last| last == "self") {
                        path.pop();
                    }
                    if let Some(last) = path.last().cloned() {
                        self.named.push(Named { path, alias: Some(last), public });
                    }
                    return at;
                }
            }
            at += 1;
        }
    }
}

/// Words and marks; no comments, no contents of literals.
fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let at = |k: usize| chars.get(k).copied().unwrap_or(' ');
    let (mut tokens, mut k) = (Vec::new(), 0);
    while k < chars.len() {
        match chars[k] {
            '/' if at(k + 1) == '/' => k += chars[k..].iter().take_while(|&&c| c != '\n').count(),
            '/' if at(k + 1) == '*' => {
                k += 2;
                while k < chars.len() && !(at(k) == '*' && at(k + 1) == '/') {
                    k += 1;
                }
                k += 2;
            }
            'r' if at(k + 1) == '"' || (at(k + 1) == '#' && matches!(at(k + 2), '"' | '#')) => {
                let hashes = chars[k + 1..].iter().take_while(|&&c| c == '#').count();
                let end: String = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
                let rest: String = chars[k + 2 + hashes..].iter().collect();
                let inside = rest.find(&end).map_or(rest.chars().count(), |found| rest[..found].chars().count());
                k += 2 + 2 * hashes + inside + 1;
            }
            '"' => {
                k += 1;
                while k < chars.len() && chars[k] != '"' {
                    k += 1 + usize::from(chars[k] == '\\');
                }
                k += 1;
            }
            // A character; a lifetime has no second quote.
            '\'' if at(k + 1) == '\\' => k += 3 + chars[k + 3..].iter().take_while(|&&c| c != '\'').count() + 1,
            '\'' if at(k + 2) == '\'' => k += 3,
            ':' if at(k + 1) == ':' => {
                tokens.push(Token::Mark(':'));
                k += 2;
            }
            c if c.is_alphanumeric() || c == '_' => {
                let word: String = chars[k..].iter().take_while(|c| c.is_alphanumeric() || **c == '_').collect();
                k += word.chars().count();
                tokens.push(Token::Word(word));
            }
            // A single colon says nothing about paths.
            c if c.is_whitespace() || c == ':' => k += 1,
            c => {
                tokens.push(Token::Mark(c));
                k += 1;
            }
        }
    }
    tokens
}

/// Takes out items marked `#[cfg(test)]`.
fn without_tests(tokens: Vec<Token>) -> Vec<Token> {
    let marks = [
        Token::Mark('#'),
        Token::Mark('['),
        Token::Word("cfg".to_owned()),
        Token::Mark('('),
        Token::Word("test".to_owned()),
        Token::Mark(')'),
        Token::Mark(']'),
    ];
    let (mut kept, mut at) = (Vec::new(), 0);
    while at < tokens.len() {
        if !tokens[at..].starts_with(&marks) {
            kept.push(tokens[at].clone());
            at += 1;
            continue;
        }
        at += marks.len();
        let mut depth = 0;
        while let Some(token) = tokens.get(at) {
            at += 1;
            match token {
                Token::Mark('{') => depth += 1,
                Token::Mark('}') if depth == 1 => break,
                Token::Mark('}') => depth -= 1,
                Token::Mark(';') if depth == 0 => break,
                _ => {}
            }
        }
    }
    kept
}

/// All files of a crate but its tests, by module path.
pub fn read(src: &Path) -> BTreeMap<Vec<String>, File> {
    let mut files = BTreeMap::new();
    let mut folders = vec![(src.to_path_buf(), vec![])];
    while let Some((folder, module)) = folders.pop() {
        let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        for entry in entries.map(|entry| entry.expect("a folder can be listed").path()) {
            let name = entry.file_stem().and_then(|stem| stem.to_str()).expect("plain names").to_owned();
            let mut path: Vec<String> = module.clone();
            if !matches!(name.as_str(), "mod" | "lib" | "main") {
                path.push(name.clone());
            }
            if name == "tests" || name.ends_with("_tests") {
                continue;
            }
            if entry.is_dir() {
                folders.push((entry, path));
            } else if entry.extension().is_some_and(|kind| kind == "rs") {
                let text = std::fs::read_to_string(&entry).expect("sources are text");
                files.insert(path.clone(), File::parse(path, &text));
            }
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str) -> Vec<(String, Option<String>)> {
        let file = File::parse(vec!["room".to_owned()], text);
        file.named.into_iter().map(|named| (named.path.join("::"), named.alias)).collect()
    }

    #[test]
    fn use_trees_are_spread_out() {
        let some = |alias: &str| Some(alias.to_owned());
        assert_eq!(
            named("use std::fmt;\nuse crate::{a::{self, B}, c as d, e::*};\nfn f() -> super::G { crate::h::i() }"),
            [
                ("crate::a".to_owned(), some("a")),
                ("crate::a::B".to_owned(), some("B")),
                ("crate::c".to_owned(), some("d")),
                ("crate::e".to_owned(), some("*")),
                ("super::G".to_owned(), None),
                ("crate::h::i".to_owned(), None),
            ]
        );
    }

    #[test]
    fn comments_strings_and_tests_say_nothing() {
        let text = "// crate::a::b\n/* crate::a */ const S: &str = \"crate::a::b\"; const R: &str = r#\"super::x::y\"#;\n\
            const C: char = '\"'; fn f<'a>(x: &'a str) {}\n#[cfg(test)]\nmod tests { use crate::z::Z; fn g() { {} } }\n\
            #[cfg(test)]\nuse crate::t::T;\nuse super::kept::K;";
        assert_eq!(named(text), [("super::kept::K".to_owned(), Some("K".to_owned()))]);
    }

    #[test]
    fn children_are_paths_as_well() {
        let file = File::parse(vec![], "mod a;\npub mod b;\npub use a::A;\nfn f() { b::g(); other::h(); }");
        assert_eq!(file.children, ["a", "b"]);
        let paths: Vec<String> = file.named.iter().map(|named| named.path.join("::")).collect();
        assert_eq!(paths, ["a::A", "b::g"]);
        assert!(file.named[0].public && !file.named[1].public);
    }
}
