//! The page: mounts the Yew application. Everything it knows comes from the library.

mod app;

fn main() {
    app::start();
}
