//! What people study of a search, set at run time: each crate declares a plain struct of its parameters, and a user names one
//! of them.
//!
//! Entry points: [`parameters!`](crate::parameters) declares a struct, [`words!`](crate::words) a choice among words;
//! [`Settings`] is what a user has set, [`Settings::of`] the struct with it. An engine makes its struct once when a run
//! begins, and its hot loops hold copies of the fields they read; there are no globals.
//!
//! Invariants: a [`Settings`] holds only what the table it was checked against names and allows; without settings every
//! parameter has its default. No parameter decides what may be claimed: those are tolerances, and constants.
//!
//! ```
//! use budget::{Settings, Tunable};
//!
//! budget::parameters! {
//!     /// How to walk.
//!     pub struct Walking = "walking" {
//!         /// Steps before a rest.
//!         steps: u32 = 100, 1..=1000;
//!         /// Whether to sing.
//!         sing: bool = false;
//!     }
//! }
//!
//! let mut settings = Settings::default();
//! settings.set(&Walking::table(), "walking.steps", "7")?;
//! let walking: Walking = settings.of();
//! assert_eq!((walking.steps, walking.sing), (7, false));
//!
//! let error = settings.set(&Walking::table(), "walking.step", "7").unwrap_err();
//! assert!(error.to_string().contains("walking.steps"));
//! let error = settings.set(&Walking::table(), "walking.steps", "0").unwrap_err();
//! assert!(error.to_string().contains("1 to 1000"));
//! # Ok::<(), budget::SettingError>(())
//! ```

use std::fmt;
use std::sync::Arc;

/// A value of a parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// A whole number.
    Whole(u64),
    /// A number.
    Real(f64),
    /// Yes or no.
    Switch(bool),
    /// One of a few words.
    Word(&'static str),
}

/// The values that a parameter may have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Range {
    /// From the first to the second.
    Whole(u64, u64),
    /// From the first to the second.
    Real(f64, f64),
    /// Yes or no.
    Switch,
    /// One of these.
    Words(&'static [&'static str]),
}

/// A row of the table of parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameter {
    /// The crate or engine, a dot, and the field.
    pub name: &'static str,
    /// What it may be.
    pub range: Range,
    /// What it is if nobody sets it.
    pub default: Value,
    /// What it does.
    pub about: &'static str,
}

/// What can be the type of a parameter; see [`words!`](crate::words) for more.
pub trait Kind: Copy {
    /// The range between limits, for numbers.
    fn range(limits: Option<(Self, Self)>) -> Range;
    /// The value for the table.
    fn value(self) -> Value;
    /// Back; `None` for a value of another type.
    fn of(value: Value) -> Option<Self>;
}

/// A struct that [`parameters!`](crate::parameters) has declared.
pub trait Tunable: Default {
    /// Its parameters, in the order of the fields.
    fn table() -> Vec<Parameter>;
    /// Sets the parameter of this name, if there is one and it takes such a value.
    fn put(&mut self, name: &str, value: Value);
}

/// A setting that the table refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SettingError {
    /// No parameter has this name.
    Unknown {
        /// The name.
        name: String,
        /// The most similar one, if it is similar.
        nearest: Option<&'static str>,
    },
    /// The parameter takes no such value.
    Range {
        /// The parameter.
        name: &'static str,
        /// The value.
        value: String,
        /// What it takes, in words.
        wanted: String,
    },
}

impl std::error::Error for SettingError {}

impl fmt::Display for SettingError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { name, nearest: Some(nearest) } => {
                write!(out, "there is no parameter '{name}'; the nearest name is '{nearest}'")
            }
            Self::Unknown { name, nearest: None } => write!(out, "there is no parameter '{name}'"),
            Self::Range { name, value, wanted } => {
                write!(out, "'{value}' is no value of the parameter '{name}', which takes {wanted}")
            }
        }
    }
}

/// What a user has set, in the order of names. A clone costs no more than a pointer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings(Arc<Vec<(&'static str, Value)>>);

impl Settings {
    /// Sets the parameter `name` of `table` to what `text` says; a second time counts.
    ///
    /// # Errors
    /// [`SettingError::Unknown`] names the nearest parameter, [`SettingError::Range`] the values allowed.
    pub fn set(&mut self, table: &[Parameter], name: &str, text: &str) -> Result<(), SettingError> {
        let Some(parameter) = table.iter().find(|parameter| parameter.name == name) else {
            return Err(SettingError::Unknown { name: name.to_owned(), nearest: nearest(table, name) });
        };
        let Some(value) = parameter.range.read(text) else {
            let (value, wanted) = (text.to_owned(), parameter.range.to_string());
            return Err(SettingError::Range { name: parameter.name, value, wanted });
        };
        self.put(parameter.name, value);
        Ok(())
    }

    fn put(&mut self, name: &'static str, value: Value) {
        let all = Arc::make_mut(&mut self.0);
        let place = all.partition_point(|(known, _)| *known < name);
        match all.get_mut(place).filter(|(known, _)| *known == name) {
            Some(known) => known.1 = value,
            None => all.insert(place, (name, value)),
        }
    }

    /// Sets what `other` sets.
    pub fn extend(&mut self, other: &Self) {
        other.iter().for_each(|(name, value)| self.put(name, value));
    }

    /// A crate's parameters with these settings.
    #[must_use]
    pub fn of<T: Tunable>(&self) -> T {
        let mut parameters = T::default();
        self.iter().for_each(|(name, value)| parameters.put(name, value));
        parameters
    }

    /// Names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, Value)> + '_ {
        self.0.iter().copied()
    }

    /// Whether everything is as by default.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Range {
    /// The value that a text stands for, if it is in the range.
    fn read(self, text: &str) -> Option<Value> {
        match self {
            Self::Whole(low, high) => {
                let value = text.parse().ok().filter(|value| (low..=high).contains(value))?;
                Some(Value::Whole(value))
            }
            Self::Real(low, high) => {
                let value = text.parse().ok().filter(|value| (low..=high).contains(value))?;
                Some(Value::Real(value))
            }
            Self::Switch => match text {
                "yes" | "true" | "1" => Some(Value::Switch(true)),
                "no" | "false" | "0" => Some(Value::Switch(false)),
                _ => None,
            },
            Self::Words(words) => words.iter().find(|word| **word == text).map(|word| Value::Word(word)),
        }
    }

    /// Values of the range that differ from each other: its ends, or all where there are few.
    #[must_use]
    pub fn ends(self) -> Vec<Value> {
        match self {
            Self::Whole(low, high) => vec![Value::Whole(low), Value::Whole(high)],
            Self::Real(low, high) => vec![Value::Real(low), Value::Real(high)],
            Self::Switch => vec![Value::Switch(false), Value::Switch(true)],
            Self::Words(words) => words.iter().map(|word| Value::Word(word)).collect(),
        }
    }
}

impl fmt::Display for Range {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(low, high) => write!(out, "{} to {}", Value::Whole(*low), Value::Whole(*high)),
            Self::Real(low, high) => write!(out, "{low} to {high}"),
            Self::Switch => write!(out, "yes or no"),
            Self::Words(words) => write!(out, "{}", words.join(" or ")),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(value) => write!(out, "{value}"),
            Self::Real(value) => write!(out, "{value}"),
            Self::Switch(value) => write!(out, "{}", if *value { "yes" } else { "no" }),
            Self::Word(word) => write!(out, "{word}"),
        }
    }
}

macro_rules! whole {
    ($($type:ty),+) => {
        $(impl Kind for $type {
            fn range(limits: Option<(Self, Self)>) -> Range {
                let (low, high) = limits.unwrap_or((Self::MIN, Self::MAX));
                Range::Whole(low as u64, high as u64)
            }

            fn value(self) -> Value {
                Value::Whole(self as u64)
            }

            fn of(value: Value) -> Option<Self> {
                match value {
                    Value::Whole(value) => Self::try_from(value).ok(),
                    _ => None,
                }
            }
        })+
    };
}

whole!(u32, u64, usize);

impl Kind for f64 {
    fn range(limits: Option<(Self, Self)>) -> Range {
        let (low, high) = limits.unwrap_or((f64::MIN, f64::MAX));
        Range::Real(low, high)
    }

    fn value(self) -> Value {
        Value::Real(self)
    }

    fn of(value: Value) -> Option<Self> {
        match value {
            Value::Real(value) => Some(value),
            _ => None,
        }
    }
}

impl Kind for bool {
    fn range(_: Option<(Self, Self)>) -> Range {
        Range::Switch
    }

    fn value(self) -> Value {
        Value::Switch(self)
    }

    fn of(value: Value) -> Option<Self> {
        match value {
            Value::Switch(value) => Some(value),
            _ => None,
        }
    }
}

/// The name that `name` may have been meant as: at most a third of its letters are wrong, the word before the dot left out or not.
fn nearest(table: &[Parameter], name: &str) -> Option<&'static str> {
    let off = |known: &str| {
        let field = known.rsplit('.').next().unwrap_or(known);
        let bare = if name.contains('.') { usize::MAX } else { distance(field, name) };
        distance(known, name).min(bare)
    };
    let nearest = table.iter().map(|parameter| parameter.name).min_by_key(|known| off(known))?;
    (off(nearest) * 3 <= name.chars().count()).then_some(nearest)
}

/// Least number of letters inserted, deleted or exchanged between two words (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let exchanged = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = exchanged.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

/// Declares a plain struct of parameters with defaults, ranges and what each does; see [the module](crate::Settings).
///
/// A field is `name: type = default, low..=high;`, its type a whole number, `f64`, `bool` or what [`words!`](crate::words)
/// declares; the latter two take no range. In the table its name is the word behind the struct's name, a dot, and the field.
#[macro_export]
macro_rules! parameters {
    (
        $(#[$of:meta])*
        pub struct $name:ident = $prefix:literal {
            $( $(#[doc = $about:literal])+ $field:ident: $type:ty = $default:expr $(, $low:literal ..= $high:literal)?; )+
        }
    ) => {
        $(#[$of])*
        #[derive(Clone, Copy, Debug, PartialEq)]
        #[non_exhaustive]
        pub struct $name {
            $( $(#[doc = $about])+ pub $field: $type, )+
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $( $field: $default, )+ }
            }
        }

        impl $crate::Tunable for $name {
            fn table() -> Vec<$crate::Parameter> {
                let default = Self::default();
                vec![$( $crate::Parameter {
                    name: concat!($prefix, ".", stringify!($field)),
                    range: <$type as $crate::Kind>::range(None $( .or(Some(($low, $high))) )?),
                    default: $crate::Kind::value(default.$field),
                    about: concat!($( $about ),+).trim_ascii_start(),
                }, )+]
            }

            fn put(&mut self, name: &str, value: $crate::Value) {
                $( if name == concat!($prefix, ".", stringify!($field)) {
                    if let Some(value) = $crate::Kind::of(value) {
                        self.$field = value;
                    }
                } )+
            }
        }
    };
}

/// Declares a choice among words that can be the type of a parameter.
#[macro_export]
macro_rules! words {
    (
        $(#[$of:meta])*
        pub enum $name:ident { $( $(#[doc = $about:literal])+ $variant:ident = $word:literal, )+ }
    ) => {
        $(#[$of])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $name { $( $(#[doc = $about])+ $variant, )+ }

        impl $crate::Kind for $name {
            fn range(_: Option<(Self, Self)>) -> $crate::Range {
                $crate::Range::Words(&[$( $word ),+])
            }

            fn value(self) -> $crate::Value {
                $crate::Value::Word(match self { $( Self::$variant => $word, )+ })
            }

            fn of(value: $crate::Value) -> Option<Self> {
                match value {
                    $( $crate::Value::Word($word) => Some(Self::$variant), )+
                    _ => None,
                }
            }
        }
    };
}

#[cfg(test)]
mod tests;
