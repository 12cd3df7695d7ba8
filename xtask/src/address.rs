//! Where the site will lie, if that is known: the variable `WHICHCARD_ADDRESS`. Every address of the site is relative, so that it
//! works wherever it is put; but the picture that social media show beside a link is taken only by its whole address.

use anyhow::{Context, Result, ensure};

const PICTURE: &str = "social.png";

/// The address that was given, with a slash at its end.
pub fn given() -> Result<Option<String>> {
    std::env::var("WHICHCARD_ADDRESS").ok().filter(|text| !text.trim().is_empty()).map(|text| whole(&text)).transpose()
}

fn whole(text: &str) -> Result<String> {
    let text = text.trim();
    let plain = text.starts_with("https://") || text.starts_with("http://");
    ensure!(
        plain && !text.contains(['?', '#', '"', '<', ' ']),
        "WHICHCARD_ADDRESS is {text:?}, but should be where the site will lie, such as https://example.org/whichcard/"
    );
    Ok(format!("{}/", text.trim_end_matches('/')))
}

/// The page with the whole address of its picture. Without an address it stays relative, which some readers of links still follow.
pub fn told(html: &str, address: Option<&str>) -> Result<String> {
    told_from(html, "", address)
}

/// The same for a page from which the picture is reached by a way such as `../`.
pub fn told_from(html: &str, way: &str, address: Option<&str>) -> Result<String> {
    // As the page names it, and as it does once it has been made smaller.
    let names = [format!("content=\"{way}{PICTURE}\""), format!("content={way}{PICTURE}")];
    let named = names.iter().find(|name| html.contains(*name)).context("the page has lost its picture")?;
    Ok(match address {
        Some(address) => html.replace(named, &format!("content=\"{address}{PICTURE}\"")),
        None => html.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_is_told_by_its_whole_address() {
        let address = whole(" https://example.org/whichcard ").unwrap();
        for html in [r#"<meta property="og:image" content="social.png">"#, "<meta content=social.png property=og:image>"] {
            assert!(
                told(html, Some(&address)).unwrap().contains(r#"content="https://example.org/whichcard/social.png""#),
                "{html}"
            );
            assert_eq!(told(html, None).unwrap(), html);
        }
        assert!(told("<meta>", None).is_err());
    }

    #[test]
    fn an_address_is_one() {
        for wrong in ["example.org", "ftp://example.org", "https://example.org/?x", "https://example.org/\"><script>"] {
            assert!(whole(wrong).is_err(), "{wrong}");
        }
    }
}
