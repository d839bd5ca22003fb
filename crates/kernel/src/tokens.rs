//! The words of a file: what stands between blanks; `#` at the beginning of one starts a comment to the end of the line.

use crate::fault::{Budget, Fault, malformed};
use crate::number::Int;

/// A file as a stream of words.
pub struct Tokens<'t> {
    rest: &'t str,
    ahead: Option<&'t str>,
    line: usize,
    /// What the check may still do.
    pub budget: Budget,
}

impl<'t> Tokens<'t> {
    /// The words of this text.
    pub fn new(text: &'t str) -> Self {
        Self::within(text, text.len())
    }

    /// The same with the budget of a file of so many bytes.
    pub fn within(text: &'t str, bytes: usize) -> Self {
        Self { rest: text, ahead: None, line: 1, budget: Budget::of(bytes) }
    }

    /// The line of the last word that was looked at.
    pub fn line(&self) -> usize {
        self.line
    }

    /// The next word, which stays; empty at the end.
    pub fn peek(&mut self) -> &'t str {
        if let Some(word) = self.ahead {
            return word;
        }
        let word = loop {
            let body = self.rest.trim_ascii_start();
            let blanks = self.rest.len().saturating_sub(body.len());
            let lines = self.rest.bytes().take(blanks).filter(|&byte| byte == b'\n').count();
            self.line = self.line.saturating_add(lines);
            let end =
                if body.starts_with('#') { body.find('\n') } else { body.find(|c: char| c.is_ascii_whitespace()) };
            let (word, rest) = body.split_at_checked(end.unwrap_or(body.len())).unwrap_or((body, ""));
            self.rest = rest;
            if !word.starts_with('#') {
                break word;
            }
        };
        self.ahead = Some(word);
        word
    }

    /// Takes the next word.
    pub fn take(&mut self) -> &'t str {
        let word = self.peek();
        self.ahead = None;
        word
    }

    /// Takes the next word if it is this one.
    pub fn takes(&mut self, word: &str) -> bool {
        let found = self.peek() == word;
        if found {
            self.take();
        }
        found
    }

    /// Takes this word.
    pub fn expect(&mut self, word: &str) -> Result<(), Fault> {
        if self.takes(word) { Ok(()) } else { Err(malformed(format!("`{word}` expected, not `{}`", self.shown()))) }
    }

    /// Takes a whole number from 0.
    pub fn natural(&mut self) -> Result<usize, Fault> {
        let what = format!("a whole number expected, not `{}`", self.shown());
        let plain = |word: &str| word == "0" || word.starts_with(|c: char| matches!(c, '1'..='9'));
        Some(self.take()).filter(|word| plain(word)).and_then(|word| word.parse().ok()).ok_or_else(|| malformed(what))
    }

    /// Takes a whole number of any size.
    pub fn integer(&mut self) -> Result<Int, Fault> {
        let what = format!("a whole number expected, not `{}`", self.shown());
        let word = self.take();
        // A limb is nearly 20 digits, and every digit is multiplied with every limb.
        self.budget.spend((word.len() / 16).saturating_mul(word.len() / 16))?;
        Int::parse(word).ok_or_else(|| malformed(what))
    }

    /// The next word for a message.
    pub fn shown(&mut self) -> String {
        match self.peek() {
            "" => "the end of the file".to_owned(),
            word => word.chars().take(40).collect(),
        }
    }
}
