//! Favourites in the person's order, put there by a real mouse.

use desktop_tests::Result;

use crate::driving::Driven;
use crate::stage::{LIMIT, Stage};

#[test]
fn a_favourite_is_dragged_to_another_place_by_the_mouse() -> Result<()> {
    let stage = Stage::set("drag")?;
    let driven = Driven::start(&stage)?;
    let guise = stage.guise()?;
    guise.add_ada(&stage.aws)?;
    guise.add_roles()?;
    for role in ["AWSEC2FULLACCESS", "Billing", "ReadOnly"] {
        // The first is one already.
        guise.run(&["role", "edit", role, "--favourite"])?;
    }
    let manager = driven.manager("Roles")?;
    manager.chooses("Group by", "Favourites")?;
    manager.sees("Favourites 3 roles")?;
    let window = stage.session.wait_until_drawn("Guise")?;
    let places = manager.places_of("[data-row] .what")?;
    stage.session.xdotool(["windowactivate", "--sync", &window])?;
    let told = stage.session.xdotool(["getwindowgeometry", "--shell", &window])?;
    let of = |key: &str| -> f64 {
        let value = told.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
        value.and_then(|value| value.parse().ok()).expect("a number")
    };
    let at = |place: usize| {
        let (x, y) = places[place];
        [format!("{}", of("X") + x), format!("{}", of("Y") + y)]
    };
    let ([from_x, from_y], [to_x, to_y]) = (at(2), at(0));
    crate::window::picture(&stage, "drag-before.png")?;
    stage.session.xdotool(["mousemove", &from_x, &from_y, "mousedown", "1"])?;
    let between = format!("{}", f64::midpoint(of("Y") + places[2].1, of("Y") + places[0].1));
    // A drag is told of the row that it is over as the mouse moves on it.
    let near = |by: f64| format!("{}", of("Y") + places[0].1 + by);
    for y in [&from_y, &between, &near(9.0), &near(6.0), &near(3.0), &to_y] {
        stage.session.xdotool(["mousemove", &to_x, y])?;
        std::thread::sleep(std::time::Duration::from_millis(150));
    }
    crate::window::picture(&stage, "drag-over.png")?;
    stage.session.xdotool(["mouseup", "1"])?;
    stage.session.wait_for("the order in the catalog", LIMIT, || {
        let text = std::fs::read_to_string(guise.catalog()).ok()?;
        text.contains("favourites = [\"ReadOnly\"").then_some(())
    })?;
    crate::window::picture(&stage, "drag-after.png")?;
    stage.end()
}
