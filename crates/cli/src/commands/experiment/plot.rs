//! The figure of `experiment growth` as an SVG: four panels with one logarithmic axis of seconds, a dot for each data set, a line through
//! the medians, and the limit, at which stands what is not proven.
//!
//! It is written by hand, with its colours in a style sheet, so that it reads well on a dark page too.

use super::growth::{Curve, Sample};
use std::fmt::Write as _;

/// Pixels of the picture, of a panel with its margins, and of these.
const WIDTH: f64 = 900.0;
const PANEL: (f64, f64) = (450.0, 300.0);
const LEFT: f64 = 64.0;
const RIGHT: f64 = 16.0;
const TOP: f64 = 34.0;
const BOTTOM: f64 = 48.0;
const LEGEND: f64 = 36.0;
/// Room at both ends of the horizontal axis.
const INSET: f64 = 18.0;
/// Least seconds that are drawn, should a clock say 0.
const SHORTEST: f64 = 1e-3;

const STYLE: &str = "text{font:13px sans-serif;fill:#222}.title{font-size:14px;font-weight:bold}.small{font-size:12px;fill:#555}\
     .page{fill:#fff}.grid{stroke:#ddd}.axis{stroke:#555}.limit{stroke:#b33;stroke-dasharray:6 4}.line{stroke:#1f5fa0;stroke-width:2;fill:none}\
     .dot{fill:#1f5fa0;fill-opacity:.55}.open{fill:none;stroke:#b33;stroke-width:1.5}\
     @media(prefers-color-scheme:dark){text{fill:#ddd}.small{fill:#aaa}.page{fill:#16181d}.grid{stroke:#333842}.axis{stroke:#999}\
     .limit,.open{stroke:#f08a7a}.line{stroke:#7db7f0}.dot{fill:#7db7f0}}";

/// The curves as an SVG; `limit` is that of a run in seconds.
pub fn panels(curves: &[Curve], limit: f64) -> String {
    let shown: Vec<&Curve> = curves.iter().filter(|curve| !curve.samples.is_empty()).collect();
    let height = PANEL.1 * shown.len().div_ceil(2) as f64 + LEGEND;
    let seconds = Seconds::of(&shown, limit);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\">\n\
         <title>CPU seconds to a proof over points, features, hidden neurons and noise</title>\n<style>{STYLE}</style>\n\
         <rect class=\"page\" width=\"100%\" height=\"100%\"/>\n"
    );
    for (number, curve) in shown.iter().enumerate() {
        let (x, y) = ((number % 2) as f64 * PANEL.0, (number / 2) as f64 * PANEL.1);
        let _ = writeln!(svg, "<g transform=\"translate({x},{y})\">");
        panel(&mut svg, curve, &seconds);
        svg.push_str("</g>\n");
    }
    legend(&mut svg, height - LEGEND / 2.0, limit);
    svg.push_str("</svg>\n");
    svg
}

/// The vertical axis: whole powers of ten, the same in all panels.
struct Seconds {
    low: i32,
    high: i32,
    limit: f64,
}

impl Seconds {
    fn of(curves: &[&Curve], limit: f64) -> Self {
        let all = curves.iter().flat_map(|curve| &curve.samples).flat_map(|sample| &sample.ends);
        let seconds = || all.clone().map(|end| end.seconds.max(SHORTEST));
        let most = seconds().fold(SHORTEST, f64::max).max(if limit.is_finite() { limit } else { 0.0 });
        let low = seconds().fold(most, f64::min).log10().floor() as i32;
        Self { low, high: (most.log10().ceil() as i32).max(low + 1), limit }
    }

    /// Pixels from the top of a panel.
    fn at(&self, seconds: f64) -> f64 {
        let share = (seconds.max(SHORTEST).log10() - f64::from(self.low)) / f64::from(self.high - self.low);
        PANEL.1 - BOTTOM - share * (PANEL.1 - TOP - BOTTOM)
    }
}

/// Pixels from the left of a panel, of each sample.
fn places(curve: &Curve) -> Vec<f64> {
    let scale = |value: f64| if curve.doubling { value.log2() } else { value };
    let values: Vec<f64> = curve.samples.iter().map(|sample| scale(sample.value)).collect();
    let (first, last) = (values[0], values[values.len() - 1]);
    let width = PANEL.0 - LEFT - RIGHT - 2.0 * INSET;
    let share = |value: f64| if last > first { (value - first) / (last - first) } else { 0.5 };
    values.into_iter().map(|value| LEFT + INSET + width * share(value)).collect()
}

fn panel(svg: &mut String, curve: &Curve, seconds: &Seconds) {
    let (right, bottom) = (PANEL.0 - RIGHT, PANEL.1 - BOTTOM);
    let _ = writeln!(
        svg,
        "<text class=\"title\" x=\"{LEFT}\" y=\"20\">{}</text><text class=\"small\" x=\"{right}\" y=\"20\" text-anchor=\"end\">{}</text>",
        curve.quantity, curve.others
    );
    for power in seconds.low..=seconds.high {
        let (y, label) = (seconds.at(10_f64.powi(power)), 10_f64.powi(power));
        let _ = writeln!(
            svg,
            "<path class=\"grid\" d=\"M{LEFT} {y:.1}H{right}\"/><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{label}</text>",
            LEFT - 8.0,
            y + 4.5
        );
    }
    if seconds.limit.is_finite() {
        let _ = writeln!(svg, "<path class=\"limit\" d=\"M{LEFT} {0:.1}H{right}\"/>", seconds.at(seconds.limit));
    }
    let middle = (TOP + bottom) / 2.0;
    let _ = writeln!(
        svg,
        "<path class=\"axis\" d=\"M{LEFT} {TOP}V{bottom}H{right}\" fill=\"none\"/>\
         <text x=\"16\" y=\"{middle}\" text-anchor=\"middle\" transform=\"rotate(-90 16 {middle})\">CPU seconds</text>"
    );
    let places = places(curve);
    for (sample, x) in curve.samples.iter().zip(&places) {
        let _ = writeln!(
            svg,
            "<path class=\"axis\" d=\"M{x:.1} {bottom}v5\"/><text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
            bottom + 20.0,
            sample.value
        );
    }
    let medians: Vec<String> = curve.samples.iter().zip(&places).filter_map(|(s, x)| median(s, *x, seconds)).collect();
    let _ = writeln!(svg, "<polyline class=\"line\" points=\"{}\"/>", medians.join(" "));
    for (sample, x) in curve.samples.iter().zip(&places) {
        let open = sample.ends.len() - sample.proven();
        for end in sample.ends.iter().filter(|end| end.proven) {
            let _ =
                writeln!(svg, "<circle class=\"dot\" cx=\"{x:.1}\" cy=\"{:.1}\" r=\"3.5\"/>", seconds.at(end.seconds));
        }
        if open > 0 {
            let most = sample.ends.last().map_or(0.0, |end| end.seconds);
            let y = seconds.at(if seconds.limit.is_finite() { seconds.limit } else { most });
            let _ = writeln!(
                svg,
                "<circle class=\"open\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\"/><text class=\"small\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{open}</text>",
                x - 7.0,
                y + 15.0
            );
        }
    }
}

fn median(sample: &Sample, x: f64, seconds: &Seconds) -> Option<String> {
    sample.median().map(|end| format!("{x:.1},{:.1}", seconds.at(end.seconds)))
}

fn legend(svg: &mut String, y: f64, limit: f64) {
    let base = y + 4.0;
    let _ = write!(
        svg,
        "<path class=\"line\" d=\"M64 {y}h26\"/><text x=\"98\" y=\"{base}\">median</text>\
         <circle class=\"dot\" cx=\"182\" cy=\"{y}\" r=\"3.5\"/><text x=\"194\" y=\"{base}\">a data set, proven</text>\
         <circle class=\"open\" cx=\"342\" cy=\"{y}\" r=\"4\"/><text x=\"354\" y=\"{base}\">so many data sets not proven within the limit</text>"
    );
    if limit.is_finite() {
        let _ = write!(
            svg,
            "<path class=\"limit\" d=\"M676 {y}h30\"/><text x=\"714\" y=\"{base}\">limit, {limit} s of wall time</text>"
        );
    }
    svg.push('\n');
}

#[cfg(test)]
mod tests {
    use super::super::growth::End;
    use super::*;

    fn sample(value: f64, seconds: &[f64], proven: usize) -> Sample {
        let end = |(number, &seconds): (usize, &f64)| End { seconds, conflicts: 1, loss: 2, proven: number < proven };
        Sample { value, ends: seconds.iter().enumerate().map(end).collect() }
    }

    #[test]
    fn dots_are_data_sets_and_circles_are_open() {
        let samples = vec![sample(50.0, &[0.02, 0.04, 0.3], 3), sample(100.0, &[0.5, 9.0, 9.0], 1)];
        let curve = Curve { quantity: "points m", others: "n = 3".to_owned(), doubling: true, samples };
        let svg = panels(&[curve.clone(), Curve { samples: vec![], ..curve }], 10.0);
        assert_eq!(svg.matches("<circle class=\"dot\"").count(), 4 + 1);
        assert_eq!(svg.matches("<circle class=\"open\"").count(), 1 + 1);
        // The median of the second sample is open: the line has one point.
        assert_eq!(
            svg.split("points=\"").nth(1).and_then(|rest| rest.split('"').next()).map(|p| p.matches(',').count()),
            Some(1)
        );
        for label in [">0.01<", ">0.1<", ">1<", ">10<", ">50<", ">100<"] {
            assert!(svg.contains(label), "{label}");
        }
    }
}
