//! The words of a file: what stands between blanks; `#` at the beginning of one starts a comment to the end of the line, which some show at a carriage return, too.

use crate::fault::{Budget, Fault, malformed};
use crate::number::Int;
use std::iter::Peekable;
use std::str::FromStr;

/// A file as a stream of words, each with its line.
pub struct Tokens<'t> {
    words: Peekable<Box<dyn Iterator<Item = (usize, &'t str)> + 't>>,
    /// The line of the last word that was taken.
    pub line: usize,
    /// What the check may still do.
    pub budget: Budget,
}

impl<'t> Tokens<'t> {
    /// The words of this text, with the budget of a file of so many bytes.
    pub fn new(text: &'t str, bytes: usize) -> Self {
        let lines = (1..).zip(text.lines()).flat_map(|(k, line)| line.split('\r').map(move |line| (k, line)));
        let words = lines.flat_map(|(number, line)| {
            let words = line.split_ascii_whitespace().take_while(|word| !word.starts_with('#'));
            words.map(move |word| (number, word))
        });
        let words: Box<dyn Iterator<Item = _>> = Box::new(words);
        Self { words: words.peekable(), line: 1, budget: Budget::of(bytes) }
    }

    /// The next word, which stays; empty at the end.
    pub fn peek(&mut self) -> &'t str {
        self.words.peek().map_or("", |&(_, word)| word)
    }

    /// Takes the next word.
    pub fn take(&mut self) -> &'t str {
        let (line, word) = self.words.next().unwrap_or((self.line, ""));
        self.line = line;
        word
    }

    /// Takes the next word if it is this one.
    pub fn takes(&mut self, word: &str) -> bool {
        self.peek() == word && !self.take().is_empty()
    }

    /// Takes this word.
    pub fn expect(&mut self, word: &str) -> Result<(), Fault> {
        let found = self.take();
        if found == word { Ok(()) } else { Err(other(word, found)) }
    }

    /// Takes one of two words; true if it is the first.
    pub fn choice(&mut self, yes: &str, no: &str) -> Result<bool, Fault> {
        let chosen = self.takes(yes);
        if chosen { Ok(true) } else { self.expect(no).map(|()| false) }
    }

    /// Takes a whole number from 0.
    pub fn natural(&mut self) -> Result<usize, Fault> {
        let word = self.take();
        digits(word).ok_or_else(|| other("a whole number", word))
    }

    /// The same, of rows.
    pub fn count(&mut self) -> Result<i128, Fault> {
        Ok(self.natural()? as i128)
    }

    /// Takes a whole number of any size.
    pub fn integer(&mut self) -> Result<Int, Fault> {
        let word = self.take();
        // A limb is nearly 20 digits, and every digit meets every limb.
        self.budget.spend((word.len() / 16).saturating_mul(word.len()))?;
        Int::parse(word).ok_or_else(|| other("a whole number", word))
    }

    /// Takes a whole number of any size from 0.
    pub fn size(&mut self) -> Result<Int, Fault> {
        Some(self.integer()?).filter(|number| number.sign().is_ge()).ok_or_else(|| malformed("a number below 0"))
    }

    /// Takes a positive whole number of any size.
    pub fn positive(&mut self) -> Result<Int, Fault> {
        Some(self.integer()?).filter(|number| number.sign().is_gt()).ok_or_else(|| malformed("a number not above 0"))
    }

    /// Takes a statement: its name, what it says, `;`.
    pub fn statement<T>(&mut self, name: &str, read: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        self.expect(name)?;
        let value = read(self)?;
        self.expect(";")?;
        Ok(value)
    }

    /// Takes a statement that is a list.
    pub fn list<T>(&mut self, name: &str, read: impl FnMut(&mut Self) -> Result<T, Fault>) -> Result<Vec<T>, Fault> {
        self.expect(name)?;
        self.until(";", read)
    }

    /// Takes a list and the word that ends it.
    pub fn until<T>(
        &mut self,
        end: &str,
        mut read: impl FnMut(&mut Self) -> Result<T, Fault>,
    ) -> Result<Vec<T>, Fault> {
        let mut list = vec![];
        while !self.takes(end) {
            list.push(read(self)?);
        }
        Ok(list)
    }
}

/// Reads decimal digits without superfluous zeros.
pub fn digits<T: FromStr>(word: &str) -> Option<T> {
    let plain = word == "0" || word.starts_with(|c: char| matches!(c, '1'..='9'));
    word.parse().ok().filter(|_| plain)
}

/// Reads a number from 1 up to the limit, and gives it from 0; with `-` before it or (true) without.
pub fn signed(word: &str, limit: usize) -> Option<(usize, bool)> {
    let (number, plain) = word.strip_prefix('-').map_or((word, true), |number| (number, false));
    Some((digits(number).filter(|&number: &usize| number <= limit)?.checked_sub(1)?, plain))
}

/// Something else stands where this should.
fn other(wanted: &str, found: &str) -> Fault {
    let found: String = found.chars().take(40).collect();
    malformed(format!("{wanted} expected, not `{found}`"))
}
