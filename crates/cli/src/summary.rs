//! What was read from a data file: one line before anything is done with it, remarks that need attention, and the object
//! `data` of the JSON.

use crate::console::Console;
use crate::format::plural;
use bdnn::data::Remarks;
use bdnn::{Dataset, Sample, Schema};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// The object `data` of `train`, `predict`, `evaluate` and `formulate --json`.
#[derive(Clone, Debug, Serialize)]
pub struct DataJson {
    file: PathBuf,
    /// Rows that are used, and rows left out for missing values.
    rows: usize,
    dropped: usize,
    /// Rows with the same features as a row before.
    duplicates: usize,
    features: usize,
    header: bool,
    delimiter: char,
    gzip: bool,
    /// Name of the label column; `null` where labels were not read.
    label: Option<String>,
    /// Name of the column of weights; absent without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    weights: Option<String>,
    /// Rows of each class, in class order; classes that a model does not know come last.
    classes: Option<Vec<ClassJson>>,
    /// What is remarkable.
    notes: Vec<String>,
    warnings: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
struct ClassJson {
    class: String,
    rows: usize,
}

impl DataJson {
    /// Of training data with so many `distinct` rows.
    pub fn of(data: &Dataset, distinct: usize, path: &Path) -> Self {
        let classes = counted(&data.schema.classes, &data.labels);
        let json = Self::new(path, [data.len(), data.dropped, distinct], &data.schema, Some(classes), &data.remarks);
        Self { weights: data.schema.weight.as_ref().map(|weight| weight.name.clone()), ..json }
    }

    /// Of data for a model with this `schema`.
    pub fn of_sample(sample: &Sample, schema: &Schema, path: &Path) -> Self {
        let classes = sample.labels.as_ref().map(|labels| {
            let names: Vec<String> = schema.classes.iter().chain(&sample.unseen).cloned().collect();
            counted(&names, labels)
        });
        Self::new(path, [sample.len(), sample.dropped, sample.num_distinct()], schema, classes, &sample.remarks)
    }

    fn new(
        path: &Path,
        [rows, dropped, distinct]: [usize; 3],
        schema: &Schema,
        classes: Option<Vec<ClassJson>>,
        remarks: &Remarks,
    ) -> Self {
        Self {
            file: path.to_path_buf(),
            rows,
            dropped,
            duplicates: rows - distinct,
            features: schema.features.len(),
            header: remarks.header,
            delimiter: remarks.delimiter,
            gzip: remarks.packed,
            label: classes.as_ref().map(|_| schema.label.clone()),
            weights: None,
            classes,
            notes: remarks.notes.clone(),
            warnings: remarks.warnings.clone(),
        }
    }

    /// Adds a warning.
    pub fn warn(&mut self, warning: String) {
        self.warnings.push(warning);
    }

    /// Says it: the line, then the remarks.
    pub fn tell(&self, console: &Console) {
        console.note(&self.line());
        for note in &self.notes {
            console.note(&format!("{}: {note}", self.file.display()));
        }
        for warning in &self.warnings {
            console.warn(&format!("{}: {warning}", self.file.display()));
        }
    }

    fn line(&self) -> String {
        let header = if self.header { "a header" } else { "no header" };
        let mut line = format!(
            "{}: {}, {}, {header}",
            self.file.display(),
            plural(self.rows as u64, "row"),
            plural(self.features as u64, "feature")
        );
        if let Some(classes) = &self.classes {
            line += &format!("; {}: {}", shown(self.label.as_deref().unwrap_or("label")), counts(classes));
        }
        if let Some(weights) = &self.weights {
            line += &format!("; weights: {}", shown(weights));
        }
        line += &match self.dropped {
            0 => "; nothing missing".to_owned(),
            dropped => format!("; {} with missing values left out", plural(dropped as u64, "row")),
        };
        line += &match self.duplicates {
            0 => ", no duplicates".to_owned(),
            duplicates => format!(", {}", plural(duplicates as u64, "duplicate")),
        };
        line
    }
}

/// `setosa 50, versicolor 50, virginica 50`; of many classes, their number and sizes.
fn counts(classes: &[ClassJson]) -> String {
    const MOST: usize = 12;
    if classes.len() <= MOST {
        let counts: Vec<String> =
            classes.iter().map(|class| format!("{} {}", shown(&class.class), class.rows)).collect();
        return counts.join(", ");
    }
    let rows = || classes.iter().map(|class| class.rows);
    let (least, most) = (rows().min().unwrap_or(0), rows().max().unwrap_or(0));
    format!("{} classes of {least} to {most} rows", classes.len())
}

/// A name on one line.
fn shown(name: &str) -> String {
    name.escape_debug().collect()
}

fn counted(names: &[String], labels: &[usize]) -> Vec<ClassJson> {
    let mut rows = vec![0; names.len()];
    labels.iter().for_each(|&label| rows[label] += 1);
    names.iter().zip(rows).map(|(class, rows)| ClassJson { class: class.clone(), rows }).collect()
}
