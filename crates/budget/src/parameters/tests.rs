//! Settings from text to fields, and what is refused.

use super::*;

crate::words! {
    /// Where to.
    pub enum Way {
        /// Up.
        Up = "up",
        /// Down.
        Down = "down",
    }
}

crate::parameters! {
    /// A little of everything.
    pub struct All = "all" {
        /// Counts
        /// things.
        count: usize = 3, 1..=9;
        /// A share.
        share: f64 = 0.5, -1.0..=1.0;
        /// Whether.
        whether: bool = true;
        /// Where to.
        way: Way = Way::Up;
    }
}

#[test]
fn settings_reach_the_fields_they_name() {
    let table = All::table();
    assert_eq!(table[0].about, "Counts things.");
    assert_eq!(
        table.iter().map(|row| row.range.to_string()).collect::<Vec<_>>(),
        ["1 to 9", "-1 to 1", "yes or no", "up or down"]
    );
    let mut settings = Settings::default();
    assert!(settings.is_empty() && settings.of::<All>() == All::default());
    for (name, text) in
        [("all.way", "down"), ("all.share", "-0.25"), ("all.count", "8"), ("all.whether", "no"), ("all.count", "9")]
    {
        settings.set(&table, name, text).unwrap();
    }
    assert_eq!(settings.of::<All>(), All { count: 9, share: -0.25, whether: false, way: Way::Down });
    let words: Vec<String> = settings.iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(words, ["all.count=9", "all.share=-0.25", "all.way=down", "all.whether=no"]);
}

#[test]
fn refusals_say_what_would_do() {
    let mut settings = Settings::default();
    let mut refused = |name, text| settings.set(&All::table(), name, text).unwrap_err().to_string();
    assert_eq!(refused("all.shares", "0"), "there is no parameter 'all.shares'; the nearest name is 'all.share'");
    assert_eq!(refused("count", "0"), "there is no parameter 'count'; the nearest name is 'all.count'");
    for far in ["foo", "all.foo", "", "sh"] {
        assert_eq!(refused(far, "0"), format!("there is no parameter '{far}'"));
    }
    for (name, text) in [
        ("all.count", "0"),
        ("all.count", "10"),
        ("all.count", "-1"),
        ("all.count", "2.5"),
        ("all.share", "NaN"),
        ("all.share", "2"),
        ("all.share", ""),
        ("all.whether", "maybe"),
        ("all.way", "Up"),
    ] {
        let range = All::table().into_iter().find(|row| row.name == name).unwrap().range.to_string();
        let message = refused(name, text);
        assert!(message.contains(&format!("'{text}'")) && message.ends_with(&range), "{message}");
    }
    assert!(settings.is_empty());
}

#[test]
fn distances_of_words() {
    assert_eq!((distance("kitten", "sitting"), distance("", "ab"), distance("same", "same")), (3, 2, 0));
}
