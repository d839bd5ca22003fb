//! What the columns of a data file mean: features, label, classes. Stored in the model, so that other files can be
//! read the same way.

use super::cell::{Cell, classify, list, shorten};
use super::precision::same_decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Meaning of the columns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schema {
    /// Feature names in the order of the inputs; x1, x2, .. where the file had no header.
    pub features: Vec<String>,
    /// Whether the names come from a header.
    pub named: bool,
    /// Name of the label column.
    pub label: String,
    /// Its position among all columns, from 0.
    pub label_column: usize,
    /// The column of what each row counts, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<WeightColumn>,
    /// Columns of categories, in the order of the file: each of their values is a feature.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub one_hot: Vec<OneHot>,
    /// Classes as they stand in the data, in class order: numerically if all are numbers, else lexicographically. Of
    /// two classes the second is the positive one.
    pub classes: Vec<String>,
    /// Set if this class was trained against the rest: then `classes` is `["not X", "X"]`, and every other label
    /// means the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub positive: Option<String>,
}

/// A column of categories.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OneHot {
    /// Its name.
    pub name: String,
    /// Its position among all columns, from 0.
    pub column: usize,
    /// Its values, in the order of their features.
    pub values: Vec<String>,
}

impl OneHot {
    /// The name of the feature of each value: `column=value`.
    pub(crate) fn features(&self) -> impl Iterator<Item = String> {
        self.values.iter().map(|value| format!("{}={value}", self.name))
    }

    /// The place of a cell among the values, in the sense in which labels are the same.
    #[must_use]
    pub fn place(&self, cell: &str) -> Option<usize> {
        self.values.iter().position(|value| same_class(value, cell))
    }
}

/// The column of what each row counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeightColumn {
    /// Its name.
    pub name: String,
    /// Its position among all columns, from 0.
    pub column: usize,
}

/// A column of a data file that features come from.
#[derive(Clone, Copy, Debug)]
pub(super) enum FeatureColumn<'s> {
    /// One feature, of this name.
    Number(&'s str),
    /// A feature for each value.
    Categories(&'s OneHot),
}

impl FeatureColumn<'_> {
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Number(name) => name,
            Self::Categories(one_hot) => &one_hot.name,
        }
    }
}

impl Schema {
    /// Number of columns that features come from.
    #[must_use]
    pub fn num_feature_columns(&self) -> usize {
        let encoded: usize = self.one_hot.iter().map(|one_hot| one_hot.values.len()).sum();
        self.features.len().saturating_sub(encoded) + self.one_hot.len()
    }

    /// Whether each feature is a value of a column of categories, and so 0 or 1.
    #[must_use]
    pub fn encoded(&self) -> Vec<bool> {
        let column = |column| match column {
            FeatureColumn::Number(_) => vec![false],
            FeatureColumn::Categories(one_hot) => vec![true; one_hot.values.len()],
        };
        self.feature_columns().into_iter().flat_map(column).collect()
    }

    /// Whether the columns of categories are some of so many `columns`, in order, and what the features are called fits them.
    pub(crate) fn check_one_hot(&self, columns: usize) -> Result<(), String> {
        let taken = |column: usize| {
            column == self.label_column || self.weight.as_ref().is_some_and(|weight| weight.column == column)
        };
        let mut next = 0;
        for OneHot { name, column, values } in &self.one_hot {
            if *column < next || *column >= columns || taken(*column) || values.is_empty() {
                return Err(format!("{name:?} is no column of categories beside the others"));
            }
            next = column + 1;
        }
        let mut features = self.features.iter();
        for column in self.feature_columns() {
            let fits = match column {
                FeatureColumn::Number(_) => features.next().is_some(),
                FeatureColumn::Categories(one_hot) => one_hot.features().all(|name| features.next() == Some(&name)),
            };
            if !fits {
                return Err(format!("the features do not fit the column {:?}", column.name()));
            }
        }
        if features.next().is_some() { Err("more features than columns have".to_owned()) } else { Ok(()) }
    }

    /// The columns that features come from, in the order of the file.
    pub(super) fn feature_columns(&self) -> Vec<FeatureColumn<'_>> {
        let mut features = self.features.iter();
        let other = |column: &usize| {
            *column != self.label_column && self.weight.as_ref().is_none_or(|weight| weight.column != *column)
        };
        let column = |column: usize| match self.one_hot.iter().find(|one_hot| one_hot.column == column) {
            Some(one_hot) => {
                features.by_ref().take(one_hot.values.len()).for_each(drop);
                Some(FeatureColumn::Categories(one_hot))
            }
            None => features.next().map(|name| FeatureColumn::Number(name)),
        };
        (0..).filter(other).map(column).map_while(|column| column).take(self.num_feature_columns()).collect()
    }

    /// The class of a label cell, by its text or, if it is a number, by its value. `None` if there is none.
    #[must_use]
    pub fn class_of(&self, cell: &str) -> Option<usize> {
        match &self.positive {
            Some(positive) => Some(usize::from(same_class(positive, cell))),
            None => self.classes.iter().position(|class| same_class(class, cell)),
        }
    }

    /// The class of this name, in the sense in which labels are the same; `not X` is one beside a class that is trained against the rest.
    #[must_use]
    pub fn class_named(&self, name: &str) -> Option<usize> {
        self.classes.iter().position(|class| same_class(class, name))
    }

    /// Whether `other` has the same features and the same classes, each in the same order.
    #[must_use]
    pub fn fits(&self, other: &Self) -> bool {
        let same = |(a, b): (&String, &String)| same_class(a, b);
        self.features == other.features
            && self.classes.len() == other.classes.len()
            && self.classes.iter().zip(&other.classes).all(same)
    }
}

/// What a label cell means: the relation of class labels, the same wherever labels meet (training, evaluation, the first
/// row as a header, another model). Equal texts are one class, and so are numbers of one value (1, 1.0, 01), whatever else
/// stands in the column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Meaning<'t> {
    /// The bits of a float that is not -0.
    Number(u64),
    Text(&'t str),
}

impl<'t> Meaning<'t> {
    fn of(cell: &'t str) -> Self {
        number(cell).map_or(Self::Text(cell), |value| Self::Number(value.to_bits()))
    }
}

/// The value of a label that is a number; 0 for -0.
fn number(cell: &str) -> Option<f64> {
    if let Cell::Number(value) = classify(cell) { Some(value + 0.0) } else { None }
}

/// Whether two label cells mean one class.
pub(crate) fn same_class(a: &str, b: &str) -> bool {
    a == b || Meaning::of(a) == Meaning::of(b)
}

/// Two of these names that mean one class.
pub(crate) fn same_twice(names: &[String]) -> Option<(&str, &str)> {
    let mut known: BTreeMap<Meaning<'_>, &str> = BTreeMap::new();
    names.iter().find_map(|name| known.insert(Meaning::of(name), name).map(|first| (first, name.as_str())))
}

/// Classes of several forms that are named.
const MOST_FORMS: usize = 10;

/// The classes among label cells.
#[derive(Debug)]
pub(super) struct Classes {
    /// In class order, each in the form seen first.
    pub(super) names: Vec<String>,
    /// The class of each text.
    pub(super) of_text: Vec<usize>,
    /// Two labels that differ as decimals and are one float.
    pub(super) merged: Option<(String, String)>,
    /// By class that has several: its forms.
    forms: Vec<Vec<String>>,
}

impl Classes {
    /// Of distinct `texts`, in order of appearance. Cost O(t log t).
    pub(super) fn of(texts: &[String]) -> Self {
        let mut known: BTreeMap<Meaning<'_>, usize> = BTreeMap::new();
        let mut classes: Vec<Vec<usize>> = vec![];
        for (text, cell) in texts.iter().enumerate() {
            let class = *known.entry(Meaning::of(cell)).or_insert(classes.len());
            if class == classes.len() {
                classes.push(vec![]);
            }
            classes[class].push(text);
        }
        let first = |class: &Vec<usize>| texts[class[0]].as_str();
        if known.keys().all(|meaning| matches!(meaning, Meaning::Number(_))) {
            let value = |class: &Vec<usize>| number(first(class)).unwrap_or(0.0);
            classes.sort_by(|a, b| value(a).total_cmp(&value(b)));
        } else {
            classes.sort_by(|a, b| first(a).cmp(first(b)));
        }
        let mut of_text = vec![0; texts.len()];
        for (number, class) in classes.iter().enumerate() {
            class.iter().for_each(|&text| of_text[text] = number);
        }
        let differs = |class: &Vec<usize>| {
            let other = class.iter().find(|&&text| !same_decimal(first(class), &texts[text]))?;
            Some((first(class).to_owned(), texts[*other].clone()))
        };
        Self {
            names: classes.iter().map(|class| first(class).to_owned()).collect(),
            of_text,
            merged: classes.iter().filter(|class| class.len() > 1).find_map(differs),
            forms: classes
                .iter()
                .filter(|class| class.len() > 1)
                .map(|class| class.iter().map(|&text| texts[text].clone()).collect())
                .collect(),
        }
    }

    /// What to say of labels that look different and are one class.
    pub(super) fn warnings(&self) -> Vec<String> {
        let decimals = self.merged.iter().map(|(a, b)| {
            format!(
                "the labels {} and {} differ, but are the same number in floating point (binary64), and one class",
                shorten(a),
                shorten(b)
            )
        });
        let forms = self.forms.iter().map(|forms| {
            format!(
                "the labels {} are one number, and so one class, called {}; if they are codes, put a letter before them",
                list(forms),
                shorten(&forms[0])
            )
        });
        decimals.chain(forms.filter(|_| self.merged.is_none()).take(MOST_FORMS)).collect()
    }
}
