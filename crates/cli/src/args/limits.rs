//! Limits of a run and parameters of its engines, the same for every command that searches.

use super::{non_negative, positive, threads, whole};
use clap::Args;
use heaviside::{SettingError, Settings};

/// `--time-limit`, `--memory-limit`, `--node-limit`, `--threads`, `--seed`, `--mip-gap`, `--set`.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Limits")]
pub struct LimitArgs {
    /// Stop after S seconds with the best found so far
    #[arg(long, value_name = "S", value_parser = positive)]
    pub time_limit: Option<f64>,

    /// Stop once the process takes GB gigabytes (10^9 bytes) of memory, the data included, with the best found so far
    #[arg(long, value_name = "GB", value_parser = positive)]
    pub memory_limit: Option<f64>,

    /// Stop after N nodes (conflicts for the conflict-driven engine, rounds for local search); the result is then the same on every machine
    #[arg(long, value_name = "N", value_parser = whole)]
    pub node_limit: Option<u64>,

    /// Worker threads [default: all cores]
    #[arg(long, value_name = "T", value_parser = threads)]
    pub threads: Option<u16>,

    /// Set a parameter of an engine, any number of times; `heaviside parameters` lists them
    #[arg(long, value_name = "NAME=VALUE", value_parser = setting, help_heading = "Search")]
    pub set: Vec<Settings>,

    /// Seed of every random choice
    #[arg(long, value_name = "K", default_value_t = 0, value_parser = whole)]
    pub seed: u64,

    /// Stop once (best - bound) / best is at most R; 0 proves the optimum
    #[arg(long, value_name = "R", default_value_t = 0.0, value_parser = non_negative)]
    pub mip_gap: f64,
}

/// NAME=VALUE, as the table of parameters allows it.
fn setting(text: &str) -> Result<Settings, String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE; `heaviside parameters` lists the names")?;
    let mut settings = Settings::default();
    match settings.set(&heaviside::parameters(), name.trim(), value.trim()) {
        Ok(()) => Ok(settings),
        Err(error @ SettingError::Unknown { nearest: None, .. }) => {
            Err(format!("{error}; `heaviside parameters` lists the names"))
        }
        Err(error) => Err(error.to_string()),
    }
}

impl LimitArgs {
    /// What is set of the engines.
    pub fn settings(&self) -> Settings {
        let mut settings = Settings::default();
        self.set.iter().for_each(|setting| settings.extend(setting));
        settings
    }

    /// Those that decide what a search does, for the first line of a trace: names as on the command line.
    pub fn traced(&self) -> serde_json::Map<String, serde_json::Value> {
        let settings = self.settings();
        let limits: [(&str, Option<serde_json::Value>); 4] = [
            ("time-limit", self.time_limit.map(Into::into)),
            ("memory-limit", self.memory_limit.map(Into::into)),
            ("node-limit", self.node_limit.map(Into::into)),
            ("mip-gap", Some(self.mip_gap.into())),
        ];
        let limits = limits.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        limits.chain(settings.iter().map(|(name, value)| (name.to_owned(), value.to_string().into()))).collect()
    }

    /// The limits as the training engines take them.
    pub fn limits(&self) -> bdnn::Limits {
        bdnn::Limits {
            time: self.time_limit.unwrap_or(f64::INFINITY),
            memory: self.memory_limit.unwrap_or(f64::INFINITY),
            nodes: self.node_limit.unwrap_or(u64::MAX),
            gap: self.mip_gap,
            threads: self.threads.map_or(0, usize::from),
            seed: self.seed,
            settings: self.settings(),
        }
    }
}
