//! The page: mounts the Yew application. Everything it knows comes from the library.

mod app;

/// The application is started from outside, by `app::start`.
const fn main() {}
