//! The files of the query editor (`GraphiQL`), which come from npm packages.

use std::path::{Path, PathBuf};

/// A CDN that serves `package@version/file` as it was published.
const NETWORK: &str = "https://cdn.jsdelivr.net/npm";

/// A file of the editor. The page loads the files in this order.
pub struct Asset {
    /// The npm package that contains it.
    pub package: &'static str,
    /// The version of the package.
    pub version: &'static str,
    /// Its path in the package.
    pub file: &'static str,
    /// The SHA-384, as printed by `openssl dgst -sha384 -binary FILE | base64`.
    pub sha384: &'static str,
}

/// The last versions that run in a page without a build step.
pub static ASSETS: [Asset; 4] = [
    Asset {
        package: "graphiql",
        version: "4.1.2",
        file: "graphiql.min.css",
        sha384: "1el1QShFBnnXTx9x/Cprg82hZWKt0ry29OAYIXt05swbi0KcZDFoj0CWguMpopJr",
    },
    Asset {
        package: "react",
        version: "18.3.1",
        file: "umd/react.production.min.js",
        sha384: "DGyLxAyjq0f9SPpVevD6IgztCFlnMF6oW/XQGmfe+IsZ8TqEiDrcHkMLKI6fiB/Z",
    },
    Asset {
        package: "react-dom",
        version: "18.3.1",
        file: "umd/react-dom.production.min.js",
        sha384: "gTGxhz21lVGYNMcdJOyq01Edg0jhn/c22nsx0kyqP0TxaV5WVdsSH1fSDUf5YJj1",
    },
    Asset {
        package: "graphiql",
        version: "4.1.2",
        file: "graphiql.min.js",
        sha384: "9XdHu7ajgGJziD4J1zNBKQ842Q/+zZfDv+ib1eMhZWBH6hPAs806x+Jbcf0yNO6B",
    },
];

impl Asset {
    /// Returns its path below a folder of installed packages or below `/graphiql`.
    pub fn path(&self) -> String {
        format!("{}/{}", self.package, self.file)
    }

    /// Returns its URL on this server or on the CDN.
    pub fn url(&self, local: bool) -> String {
        let Self { package, version, file, .. } = self;
        if local { format!("/graphiql/{}", self.path()) } else { format!("{NETWORK}/{package}@{version}/{file}") }
    }

    fn is_style(&self) -> bool {
        Path::new(self.file).extension().is_some_and(|extension| extension == "css")
    }

    /// Returns the HTML element that loads it.
    pub fn element(&self, local: bool) -> String {
        let (url, sha384) = (self.url(local), self.sha384);
        let checked = format!(r#"integrity="sha384-{sha384}" crossorigin="anonymous""#);
        if self.is_style() {
            format!(r#"<link rel="stylesheet" href="{url}" {checked}>"#)
        } else {
            format!(r#"<script src="{url}" {checked}></script>"#)
        }
    }

    /// Returns its media type.
    pub fn content_type(&self) -> &'static str {
        if self.is_style() { "text/css" } else { "text/javascript" }
    }
}

/// Parses `GRAPHIQL_ASSETS`: a folder with the editor's files.
pub fn folder(value: &str) -> Result<PathBuf, String> {
    let folder = PathBuf::from(value);
    match missing_in(&folder) {
        Some(Asset { package, version, file, .. }) => {
            Err(format!("must be a folder of npm packages; {package}/{file} of {package}@{version} is missing"))
        }
        None => Ok(folder),
    }
}

/// Returns a file that is missing in this folder of npm packages.
pub fn missing_in(folder: &Path) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| !folder.join(asset.path()).is_file())
}
