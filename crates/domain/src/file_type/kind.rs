//! Kinds of files.

/// What a file is for. Formats of one kind may be announced as each other: a browser announces a recording with sound as
/// audio, although its container also holds video.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Image,
    /// Sound and film.
    Media,
    Pdf,
    /// Also the container of many other formats.
    Archive,
    Html,
    /// A file of an office program. It is recognized as another kind.
    Office,
    /// Text of any other form. It is never recognized, because images, films and drawings may also consist of text.
    Text,
}

/// Returns the kind of a media type, if all files of this type have it.
pub(super) fn kind_of(essence: &str) -> Option<Kind> {
    const ARCHIVES: [&str; 6] =
        ["zip", "x-zip-compressed", "x-7z-compressed", "vnd.rar", "x-rar-compressed", "java-archive"];
    const OFFICE: [&str; 6] = [
        "msword",
        "vnd.ms-excel",
        "vnd.ms-powerpoint",
        "vnd.ms-word",
        "vnd.openxmlformats-officedocument",
        "vnd.oasis.opendocument",
    ];
    let begins =
        |name: &str, start: &str| name.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    match essence.split_once('/')? {
        // The one is an archive. Recordings of cameras have the same extension as the other, `.ts`.
        ("image", "openraster") | ("text", "vnd.trolltech.linguist") => None,
        ("image", _) => Some(Kind::Image),
        ("audio" | "video", _) => Some(Kind::Media),
        ("text", _) => Some(Kind::Text),
        ("application", "pdf") => Some(Kind::Pdf),
        ("application", name) if ARCHIVES.contains(&name) => Some(Kind::Archive),
        ("application", name) if OFFICE.iter().any(|start| begins(name, start)) => Some(Kind::Office),
        _ => None,
    }
}
