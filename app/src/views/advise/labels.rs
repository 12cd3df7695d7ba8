//! Where the names of dots stand in a chart: beside their dot, and on no other name, no dot that matters and not on the line.

/// A chart in pixels: places of dots are shares of it.
#[derive(Clone, Copy)]
pub struct Size {
    pub width: f64,
    pub height: f64,
}

/// A dot with the name it would have.
pub struct Named<'a> {
    pub name: &'a str,
    /// Shares of the width and of the height, from the left and from below.
    pub place: (f64, f64),
    /// A name may stand on one of the many others, not on this one, which has a name of its own where there is room.
    pub matters: bool,
    /// It has its name in any case.
    pub first: bool,
}

/// Where a name stands beside its dot, in pixels to the right and down to its base line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    pub anchor: &'static str,
    pub dx: i32,
    pub dy: i32,
}

/// The places around a dot, the usual first: the line falls from the left to the right, so above on the right it is free.
const SPOTS: [Spot; 8] = [
    Spot { anchor: "start", dx: 7, dy: -7 },
    Spot { anchor: "start", dx: 10, dy: 4 },
    Spot { anchor: "end", dx: -7, dy: 17 },
    Spot { anchor: "end", dx: -10, dy: 4 },
    Spot { anchor: "middle", dx: 0, dy: -10 },
    Spot { anchor: "middle", dx: 0, dy: 20 },
    Spot { anchor: "end", dx: -7, dy: -7 },
    Spot { anchor: "start", dx: 7, dy: 17 },
];

/// Pixels of a letter of such a name, of its line above the base and below it, and of a dot from its middle.
const LETTER: f64 = 7.2;
const ABOVE: f64 = 10.0;
const BELOW: f64 = 3.0;
const DOT: f64 = 5.0;
/// Dots of no name that a name may cover.
const COVERED: usize = 1;

/// A box in pixels, from the upper left.
#[derive(Clone, Copy)]
struct Room {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

impl Room {
    fn of(name: &str, (x, y): (f64, f64), spot: Spot) -> Self {
        let width = name.chars().map(|_| LETTER).sum::<f64>();
        let (left, base) = (x + f64::from(spot.dx), y + f64::from(spot.dy));
        let left = left
            - match spot.anchor {
                "start" => 0.0,
                "middle" => width / 2.0,
                _ => width,
            };
        Self { left, right: left + width, top: base - ABOVE, bottom: base + BELOW }
    }

    /// Pixels by which it reaches beyond a chart.
    fn beyond(&self, size: Size) -> f64 {
        let sides = [-self.left, self.right - size.width, -self.top, self.bottom - size.height];
        sides.into_iter().map(|side| side.max(0.0)).sum()
    }

    fn meets(&self, other: &Self) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }

    /// Whether a dot reaches into it.
    fn is_touched(&self, (x, y): (f64, f64)) -> bool {
        self.meets(&Self { left: x - DOT, right: x + DOT, top: y - DOT, bottom: y + DOT })
    }

    /// Whether a line from one point to another goes through it: whether a part of the line is between all four sides.
    fn is_crossed(&self, from: (f64, f64), to: (f64, f64)) -> bool {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let sides = [(-dx, from.0 - self.left), (dx, self.right - from.0), (-dy, from.1 - self.top), (dy, self.bottom - from.1)];
        let (mut enters, mut leaves) = (0.0_f64, 1.0_f64);
        for (along, room) in sides {
            if along == 0.0 {
                if room < 0.0 {
                    return false;
                }
            } else if along < 0.0 {
                enters = enters.max(room / along);
            } else {
                leaves = leaves.min(room / along);
            }
        }
        enters < leaves
    }
}

/// The dots that have their names beside them, each with its spot: the first dot in any case, and those that matter where a spot is free.
pub fn labels(dots: &[Named], line: &[(f64, f64)], size: Size) -> Vec<(usize, Spot)> {
    let pixels = |(across, up): (f64, f64)| (across * size.width, (1.0 - up) * size.height);
    let line: Vec<(f64, f64)> = line.iter().copied().map(pixels).collect();
    let mut taken: Vec<Room> = Vec::new();
    let mut placed = Vec::new();
    let mut wanted: Vec<(usize, &Named)> = dots.iter().enumerate().filter(|(_, dot)| dot.matters || dot.first).collect();
    wanted.sort_by_key(|(_, dot)| !dot.first);
    for (at, dot) in wanted {
        // What a spot has against it: how far it reaches beyond the chart, what else makes it no spot, and how many others it covers.
        let weighed = SPOTS.iter().map(|spot| {
            let room = Room::of(dot.name, pixels(dot.place), *spot);
            let touched = |matters: bool| {
                let others = dots.iter().enumerate().filter(|(other, one)| *other != at && (one.matters || one.first) == matters);
                others.filter(|(_, one)| room.is_touched(pixels(one.place))).count()
            };
            let crossed = line.windows(2).filter(|ends| matches!(ends, [from, to] if room.is_crossed(*from, *to))).count();
            let barred = taken.iter().filter(|other| room.meets(other)).count() + touched(true) + crossed;
            (room.beyond(size), barred, touched(false), room, *spot)
        });
        let best = weighed.min_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        let Some((beyond, barred, covers, room, spot)) = best else { continue };
        if dot.first || beyond == 0.0 && barred == 0 && covers <= COVERED {
            taken.push(room);
            placed.push((at, spot));
        }
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDE: Size = Size { width: 600.0, height: 240.0 };
    const NARROW: Size = Size { width: 250.0, height: 208.0 };

    fn dot(name: &str, place: (f64, f64), first: bool) -> Named<'_> {
        Named { name, place, matters: true, first }
    }

    fn named(dots: &[Named], line: &[(f64, f64)], size: Size) -> Vec<usize> {
        let mut named: Vec<usize> = labels(dots, line, size).into_iter().map(|(at, _)| at).collect();
        named.sort_unstable();
        named
    }

    #[test]
    fn names_cover_neither_each_other_nor_a_dot_nor_the_line() {
        let front = [(0.1, 0.9), (0.3, 0.5), (0.34, 0.46), (0.9, 0.1)];
        let names = ["RTX 3060 12GB", "RTX 5060 Ti 16GB", "RTX 4070", "2 × RTX PRO 5000 Blackwell 48GB"];
        let dots: Vec<Named> = front.iter().zip(names).enumerate().map(|(at, (place, name))| dot(name, *place, at == 1)).collect();
        for size in [WIDE, NARROW] {
            let pixels = |(across, up): (f64, f64)| (across * size.width, (1.0 - up) * size.height);
            let placed = labels(&dots, &front, size);
            assert!(placed.iter().any(|(at, _)| *at == 1), "the first has its name");
            let rooms: Vec<Room> =
                placed.iter().map(|(at, spot)| Room::of(dots[*at].name, pixels(dots[*at].place), *spot)).collect();
            for (one, room) in rooms.iter().enumerate() {
                assert!(room.beyond(size) == 0.0);
                assert!(rooms.iter().skip(one + 1).all(|other| !room.meets(other)), "two names");
                assert!(
                    front.iter().enumerate().all(|(at, place)| at == placed[one].0 || !room.is_touched(pixels(*place))),
                    "a dot"
                );
                assert!(front.windows(2).all(|ends| !room.is_crossed(pixels(ends[0]), pixels(ends[1]))), "the line");
            }
        }
        assert_eq!(named(&dots, &front, WIDE).len(), 4);
    }

    #[test]
    fn a_line_through_a_box_crosses_it() {
        let room = Room { left: 10.0, right: 20.0, top: 10.0, bottom: 20.0 };
        assert!(room.is_crossed((0.0, 0.0), (30.0, 30.0)) && room.is_crossed((12.0, 0.0), (12.0, 40.0)));
        assert!(!room.is_crossed((0.0, 0.0), (9.0, 30.0)) && !room.is_crossed((0.0, 0.0), (5.0, 5.0)));
        assert!(!room.is_crossed((0.0, 25.0), (30.0, 25.0)));
    }

    #[test]
    fn where_there_is_no_room_only_the_first_is_named() {
        let dots = [dot("2 × RTX PRO 5000 Blackwell 48GB", (0.3, 0.5), false), dot("RTX 5060 Ti 16GB", (0.52, 0.5), true)];
        assert_eq!(named(&dots, &[], NARROW), [1]);
    }
    #[test]
    fn a_name_that_has_no_room_at_all_leaves_the_chart_where_it_is_least_cut() {
        let dots = [dot("RTX PRO 6000 Blackwell Workstation", (0.93, 0.1), true)];
        let anchors: Vec<&str> = labels(&dots, &[], NARROW).into_iter().map(|(_, spot)| spot.anchor).collect();
        assert_eq!(anchors, ["end"], "beside the axis, where there are marks at most, and not beyond the page");
    }
}
