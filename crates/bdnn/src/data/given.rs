//! Labelled rows that a caller has in memory.

use super::cell::shorten;
use super::schema::Classes;
use super::{DataError, Dataset, Remarks, Schema};
use std::collections::BTreeMap;
use std::sync::Arc;

impl Dataset {
    /// Rows of equal length with a label each, which is its class by the text it prints, or by its value if that is a number; features
    /// are called x1, x2, .. Classes are in numerical order if all are numbers, else in lexicographical order. Cost O(m n).
    ///
    /// ```
    /// use bdnn::Dataset;
    ///
    /// let data = Dataset::from_rows(&[[1.5, 0.0], [2.5, 1.0], [0.5, 1.0]], &[10, 9, 10])?;
    /// assert_eq!((data.len(), data.num_features()), (3, 2));
    /// assert_eq!((&data.schema.classes[..], &data.labels[..]), (&["9".to_owned(), "10".to_owned()][..], &[1, 0, 1][..]));
    /// assert!(Dataset::from_rows(&[vec![1.0], vec![f64::NAN]], &["a", "b"]).is_err());
    /// # Ok::<(), bdnn::DataError>(())
    /// ```
    ///
    /// # Errors
    /// [`DataError::Rows`] if lengths do not fit together, a value is not finite, a row has no feature, or there are fewer than
    /// two classes.
    pub fn from_rows<R: AsRef<[f64]>, L: ToString>(rows: &[R], labels: &[L]) -> Result<Self, DataError> {
        let refuse = |message: String| Err(DataError::Rows(message));
        if rows.len() != labels.len() {
            return refuse(format!("{} rows with {} labels; give one label a row", rows.len(), labels.len()));
        }
        let n = rows.first().map_or(0, |row| row.as_ref().len());
        if n == 0 {
            return refuse("there is no row with a feature".to_owned());
        }
        let mut numbers = Vec::with_capacity(rows.len().saturating_mul(n));
        for (i, row) in rows.iter().map(AsRef::as_ref).enumerate() {
            if row.len() != n {
                return refuse(format!("row {i} has {} features, the first {n}", row.len()));
            }
            if let Some(j) = row.iter().position(|x| !x.is_finite()) {
                return refuse(format!("row {i}: feature {j} is {}, which is not finite", row[j]));
            }
            numbers.extend_from_slice(row);
        }
        let mut texts: Vec<String> = vec![];
        let mut known: BTreeMap<String, usize> = BTreeMap::new();
        let text_of: Vec<usize> = labels
            .iter()
            .map(|label| {
                *known.entry(label.to_string()).or_insert_with_key(|text| {
                    texts.push(text.clone());
                    texts.len() - 1
                })
            })
            .collect();
        let found = Classes::of(&texts);
        let warnings = found.warnings();
        let Classes { names, of_text, merged, .. } = found;
        if names.len() < 2 {
            return refuse(format!("all rows have the label \"{}\"; give two classes at least", shorten(&names[0])));
        }
        if let Some((a, b)) = merged {
            return refuse(format!(
                "the labels {} and {} differ, but are the same number in floating point (binary64)",
                shorten(&a),
                shorten(&b)
            ));
        }
        let schema = Schema {
            features: (1..=n).map(|j| format!("x{j}")).collect(),
            named: false,
            label: "label".to_owned(),
            label_column: n,
            weight: None,
            one_hot: vec![],
            classes: names,
            positive: None,
        };
        Ok(Self {
            schema,
            rows: Arc::new(numbers),
            labels: text_of.iter().map(|&text| of_text[text]).collect(),
            weights: None,
            lines: (1..=labels.len() as u64).collect(),
            dropped: 0,
            remarks: Remarks { warnings, ..Remarks::default() },
        })
    }

    /// The same data with names for the features and for the label, as if a header had them.
    ///
    /// ```
    /// use bdnn::Dataset;
    ///
    /// let data = Dataset::from_rows(&[[1.5, 0.0], [2.5, 1.0]], &["a", "b"])?;
    /// let data = data.with_names(&["length", "width"], "species")?;
    /// assert_eq!((&data.schema.features[1][..], &data.schema.label[..]), ("width", "species"));
    /// assert!(data.with_names(&["length", "length"], "species").is_err());
    /// # Ok::<(), bdnn::DataError>(())
    /// ```
    ///
    /// # Errors
    /// [`DataError::Rows`] if there are not as many names as features, or two are the same.
    pub fn with_names<S: AsRef<str>>(mut self, features: &[S], label: &str) -> Result<Self, DataError> {
        let names: Vec<String> = features.iter().map(|name| name.as_ref().to_owned()).collect();
        if names.len() != self.num_features() {
            let message = format!("{} names for {} features", names.len(), self.num_features());
            return Err(DataError::Rows(message));
        }
        let mut sorted: Vec<&String> = names.iter().collect();
        sorted.sort();
        if let Some(pair) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(DataError::Rows(format!("two features are called \"{}\"", shorten(pair[0]))));
        }
        (self.schema.features, self.schema.named, self.schema.label) = (names, true, label.to_owned());
        Ok(self)
    }
}
