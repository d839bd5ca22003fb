//! The figure of `experiment growth`: four panels, median seconds on a logarithmic axis, a bar from fastest to slowest, and a
//! line of keys.

use super::growth::{Curve, Sample, median};
use super::legend::{self, Stroke};
use crate::failure::Failure;
use plotters::prelude::*;

const SIZE: (u32, u32) = (900, 640);
const BLUE_LINE: RGBColor = RGBColor(31, 95, 160);
/// Least seconds that are drawn, should a clock say 0.
const SHORTEST: f64 = 1e-6;
/// Labels on the horizontal axis at most: one a whole number up to here.
const LABELS: usize = 11;

/// The curves as an SVG.
pub fn panels(curves: &[Curve]) -> Result<String, Failure> {
    let mut svg = String::new();
    draw(curves, &mut svg).map_err(|message| Failure::Input(format!("cannot draw the figure: {message}")))?;
    Ok(svg)
}

fn draw(curves: &[Curve], svg: &mut String) -> Result<(), String> {
    let root = SVGBackend::with_string(svg, SIZE).into_drawing_area();
    root.fill(&WHITE).map_err(|error| error.to_string())?;
    let shown: Vec<&Curve> = curves.iter().filter(|curve| !curve.samples.is_empty()).collect();
    let (panels, strip) = root.split_vertically(SIZE.1 - legend::HEIGHT);
    for (area, curve) in panels.split_evenly((2, 2)).iter().zip(shown) {
        panel(area, curve).map_err(|error| error.to_string())?;
    }
    let keys = [
        ("median".to_owned(), BLUE_LINE, Stroke::Solid),
        ("bar: fastest to slowest data set".to_owned(), BLUE_LINE, Stroke::Filled),
        ("hollow: some data set not proven within the limit".to_owned(), BLUE_LINE, Stroke::Hollow),
    ];
    legend::draw(&strip, &keys).map_err(|error| error.to_string())?;
    root.present().map_err(|error| error.to_string())
}

type Area<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;

fn panel(area: &Area<'_>, curve: &Curve) -> Result<(), Box<dyn std::error::Error>> {
    let last = curve.samples.iter().map(|sample| sample.value).fold(1.0, f64::max);
    let slowest = curve.samples.iter().flat_map(|sample| sample.seconds.last()).fold(SHORTEST, |a, &b| a.max(b));
    let fastest = curve.samples.iter().flat_map(|sample| sample.seconds.first()).fold(slowest, |a, &b| a.min(b));
    // Whole powers of ten around all that is drawn.
    let (low, high) = (fastest.max(SHORTEST).log10().floor(), slowest.log10().ceil());
    let height_range = 10_f64.powf(low)..10_f64.powf(high.max(low + 1.0));
    let mut chart = ChartBuilder::on(area)
        .margin(14)
        .x_label_area_size(40)
        .y_label_area_size(64)
        .build_cartesian_2d(0.0..last * 1.05, height_range.log_scale())?;
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .x_desc(curve.quantity)
        .x_labels((last as usize + 1).min(LABELS))
        .y_desc("seconds to proof")
        .x_label_formatter(&|x| format!("{x:.0}"))
        .y_label_formatter(&|y| y.to_string())
        .label_style(("sans-serif", 14))
        .draw()?;
    let height = |seconds: f64| seconds.max(SHORTEST);
    let middle = |sample: &Sample| (sample.value, height(median(&sample.seconds)));
    chart.draw_series(curve.samples.iter().map(|sample| {
        let ends = (sample.seconds[0], sample.seconds[sample.seconds.len() - 1]);
        PathElement::new(
            vec![(sample.value, height(ends.0)), (sample.value, height(ends.1))],
            BLUE_LINE.mix(0.5).stroke_width(3),
        )
    }))?;
    chart.draw_series(LineSeries::new(curve.samples.iter().map(middle), BLUE_LINE.stroke_width(2)))?;
    // A hollow mark: not every data set was proven within the limits.
    chart.draw_series(curve.samples.iter().map(|sample| {
        let all = sample.proven == sample.seconds.len();
        Circle::new(middle(sample), 4, if all { BLUE_LINE.filled() } else { BLUE_LINE.stroke_width(1) })
    }))?;
    Ok(())
}
