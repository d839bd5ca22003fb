//! How the rows of a data file are read, the same for every command that reads one.

use bdnn::data::{Header, SampleOptions};
use clap::{Args, ValueEnum};

/// `--drop-missing` and `--header`.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "Data")]
pub struct RowArgs {
    /// Leave out rows with a missing value (empty, `?`, NA, N/A, NaN, null; among features also none, - and .)
    #[arg(long)]
    pub drop_missing: bool,

    /// Whether the first row is a header; auto tells by the rows, and refuses a file that does not say
    #[arg(long, value_name = "HEADER", default_value = "auto")]
    pub header: HeaderName,
}

/// What `--header` takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum HeaderName {
    /// The first row names the columns
    Yes,
    /// The first row is a point
    No,
    /// The file tells
    #[default]
    Auto,
}

impl HeaderName {
    /// As the readers take it.
    pub fn known(self) -> Header {
        match self {
            Self::Yes => Header::Yes,
            Self::No => Header::No,
            Self::Auto => Header::Auto,
        }
    }

    /// As the checker's reader takes it.
    pub fn of_checker(self) -> Option<bool> {
        match self {
            Self::Yes => Some(true),
            Self::No => Some(false),
            Self::Auto => None,
        }
    }
}

impl RowArgs {
    /// The options for data of a model.
    pub fn sample(&self, labelled: bool) -> SampleOptions<'static> {
        let (drop_missing, header) = (self.drop_missing, self.header.known());
        SampleOptions { labelled, drop_missing, header, ..SampleOptions::default() }
    }
}
