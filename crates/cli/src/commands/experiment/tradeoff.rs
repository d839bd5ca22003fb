//! The figure of `experiment robust`: accuracy against the radius of the attack, a panel a data set, a colour a defence;
//! solid with dots the exact worst case, dashed with circles random attacks. Dots and circles stand at the radii that were tried.

use super::legend::{self, Stroke};
use super::robust::{Curve, Strength};
use crate::failure::Failure;
use plotters::prelude::*;

const PANEL: (u32, u32) = (450, 340);
const GREY: RGBColor = RGBColor(60, 60, 60);
const COLOURS: [RGBColor; 5] =
    [RGBColor(31, 95, 160), RGBColor(200, 90, 20), RGBColor(40, 140, 80), RGBColor(120, 60, 150), RGBColor(90, 90, 90)];

/// The curves as an SVG.
pub fn panels(curves: &[Curve]) -> Result<String, Failure> {
    let mut svg = String::new();
    draw(curves, &mut svg).map_err(|error| Failure::Input(format!("cannot draw the figure: {error}")))?;
    Ok(svg)
}

fn draw(curves: &[Curve], svg: &mut String) -> Result<(), Box<dyn std::error::Error>> {
    let mut names: Vec<&str> = vec![];
    for curve in curves {
        if !names.contains(&curve.data.as_str()) {
            names.push(&curve.data);
        }
    }
    let columns = names.len().clamp(1, 2) as u32;
    let rows = (names.len() as u32).div_ceil(columns).max(1);
    let size = (PANEL.0 * columns, PANEL.1 * rows + legend::HEIGHT);
    let root = SVGBackend::with_string(svg, size).into_drawing_area();
    root.fill(&WHITE).map_err(|error| error.to_string())?;
    let (panels, strip) = root.split_vertically(PANEL.1 * rows);
    for (area, name) in panels.split_evenly((rows as usize, columns as usize)).iter().zip(&names) {
        let own: Vec<&Curve> = curves.iter().filter(|curve| curve.data == *name).collect();
        panel(area, name, &own)?;
    }
    legend::draw(&strip, &keys(curves))?;
    root.present().map_err(|error| error.to_string())?;
    Ok(())
}

type Area<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;

fn panel(area: &Area<'_>, name: &str, curves: &[&Curve]) -> Result<(), Box<dyn std::error::Error>> {
    let strongest = curves.iter().flat_map(|curve| &curve.strengths).map(|s| s.radius).fold(0.0, f64::max);
    let mut chart = ChartBuilder::on(area)
        .margin(12)
        .caption(name, ("sans-serif", 16))
        .x_label_area_size(36)
        .y_label_area_size(48)
        .build_cartesian_2d(0.0..strongest.max(f64::MIN_POSITIVE), 0.0..1.0)?;
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .x_desc("radius of the attack, scaled units")
        .y_desc("test accuracy")
        .y_label_formatter(&|y| format!("{:.0}%", 100.0 * y))
        .label_style(("sans-serif", 12))
        .draw()?;
    for (curve, colour) in curves.iter().zip(COLOURS.iter().cycle()) {
        let line = |of: fn(&Strength) -> f64| curve.strengths.iter().map(move |s| (s.radius, of(s)));
        chart.draw_series(LineSeries::new(line(|s| s.worst.mean()), colour.stroke_width(2)))?;
        chart.draw_series(DashedLineSeries::new(line(|s| s.random.mean()), 5, 4, colour.stroke_width(1)))?;
        // What was measured, in case the lines between say too much.
        chart.draw_series(line(|s| s.worst.mean()).map(|place| Circle::new(place, 3, colour.filled())))?;
        chart.draw_series(line(|s| s.random.mean()).map(|place| Circle::new(place, 3, colour.stroke_width(1))))?;
    }
    Ok(())
}

/// A colour a defence, in the order of the first panel, and the two kinds of lines.
fn keys(curves: &[Curve]) -> Vec<(String, RGBColor, Stroke)> {
    let first = curves.first().map(|curve| curve.data.as_str());
    let own = curves.iter().filter(|curve| Some(curve.data.as_str()) == first);
    let defences = own.zip(COLOURS.iter().cycle());
    let mut keys: Vec<_> =
        defences.map(|(curve, &colour)| (format!("defence {}", curve.defence), colour, Stroke::Solid)).collect();
    keys.push(("solid, dots: worst case, exact".to_owned(), GREY, Stroke::Solid));
    keys.push(("dashed, circles: random attacks".to_owned(), GREY, Stroke::Dashed));
    keys
}
