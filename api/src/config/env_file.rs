//! The `.env` file: environment variables in a file, for machines where nothing else sets them.
//!
//! The syntax is common to shells, systemd and Docker Compose: `NAME=value`, quotes, and comments. A `$` is an ordinary
//! character and nothing is expanded, because passwords contain it.

use std::{collections::HashMap, env, fs, io, iter::Peekable, path::Path, str::Chars};

/// The name of the file.
const NAME: &str = ".env";

/// Sets the variables of the nearest `.env` that the environment does not set. It looks in the current folder and its
/// parents.
///
/// A missing file is not an error. A file is read completely or not at all, and the error names the file and the line.
/// Must be called before the process starts a thread.
pub fn load() -> Result<(), String> {
    let folder = env::current_dir().map_err(|error| format!("the current folder: {error}"))?;
    for path in folder.ancestors().map(|folder| folder.join(NAME)) {
        match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(unreadable(&path, &error)),
            Ok(bytes) => {
                let variables =
                    parse(&bytes).map_err(|LineError { line, why }| format!("{}:{line}: {why}", path.display()));
                variables?.iter().for_each(|(name, value)| set(name, value));
                return Ok(());
            }
        }
    }
    Ok(())
}

fn unreadable(path: &Path, error: &io::Error) -> String {
    let path = path.display();
    if error.kind() == io::ErrorKind::IsADirectory {
        format!("{path}: is a folder, but must be a file with lines such as NAME=value; rename it")
    } else {
        format!("{path}: cannot be read: {error}; allow this user to read it, or start in another folder")
    }
}

#[expect(unsafe_code, reason = "the standard library has no safe function to set a variable")]
fn set(name: &str, value: &str) {
    if env::var_os(name).is_none() {
        // SAFETY: `load` requires that the process has no other thread, which could read or set a variable.
        unsafe { env::set_var(name, value) };
    }
}

/// The error of a line. It does not contain the line's text, which may hold a secret.
#[derive(Debug, PartialEq, Eq)]
struct LineError {
    /// The line number, counted from 1.
    line: usize,
    why: String,
}

/// Returns the variables of a file in their order.
fn parse(bytes: &[u8]) -> Result<Vec<(String, String)>, LineError> {
    let text = std::str::from_utf8(bytes).map_err(|error| LineError {
        line: bytes[..error.valid_up_to()].split(|byte| *byte == b'\n').count(),
        why: "is not UTF-8 text; save the file as UTF-8".to_owned(),
    })?;
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let mut reader = Reader { rest: text.chars().peekable(), line: 1 };
    let (mut variables, mut lines) = (Vec::new(), HashMap::new());
    loop {
        reader.skip(char::is_whitespace);
        let line = reader.line;
        match reader.rest.peek() {
            None => return Ok(variables),
            Some('#') => reader.skip(|c| c != '\n'),
            Some(_) => {
                let (name, value) = reader.assignment()?;
                if let Some(first) = lines.insert(name.clone(), line) {
                    let why = format!("{name} is set again after line {first}; remove one of the two");
                    return Err(LineError { line, why });
                }
                variables.push((name, value));
            }
        }
    }
}

struct Reader<'a> {
    rest: Peekable<Chars<'a>>,
    line: usize,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let next = self.rest.next();
        self.line += usize::from(next == Some('\n'));
        next
    }

    fn skip(&mut self, skipped: impl Fn(char) -> bool) {
        while self.rest.peek().is_some_and(|c| skipped(*c)) {
            self.next();
        }
    }

    /// Returns an error for the current line.
    fn wrong<T>(&self, why: impl Into<String>) -> Result<T, LineError> {
        Err(LineError { line: self.line, why: why.into() })
    }

    /// Parses `NAME=value`, optionally after `export`, to the end of its last line.
    fn assignment(&mut self) -> Result<(String, String), LineError> {
        let mut name = self.word();
        self.skip(is_blank);
        if name == "export" && self.rest.peek() != Some(&'=') {
            name = self.word();
            self.skip(is_blank);
        }
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) || self.rest.peek() != Some(&'=') {
            return self.wrong("must be NAME=value; begin a comment with #");
        }
        self.next();
        let value = self.value()?;
        if value.contains('\0') {
            return self.wrong(format!("{name} contains a NUL character"));
        }
        Ok((name, value))
    }

    fn word(&mut self) -> String {
        let mut word = String::new();
        while let Some(c) = self.rest.next_if(|c| c.is_ascii_alphanumeric() || ['_', '.'].contains(c)) {
            word.push(c);
        }
        word
    }

    fn value(&mut self) -> Result<String, LineError> {
        let mut value = String::new();
        if self.rest.peek().is_some_and(|c| is_blank(*c)) {
            self.skip(is_blank);
            if self.rest.peek() == Some(&'#') {
                self.skip(|c| c != '\n');
            }
        }
        while let Some(c) = self.rest.next_if(|c| !is_blank(*c) && *c != '\n') {
            match c {
                '\'' | '"' => self.quoted(c, &mut value)?,
                '\\' => value.push(self.escaped()?),
                c => value.push(c),
            }
        }
        self.skip(is_blank);
        match self.rest.peek() {
            None | Some('\n' | '#') => {
                self.skip(|c| c != '\n');
                Ok(value)
            }
            Some(_) => self.wrong("a value with spaces must be between quotes, such as NAME='two words'"),
        }
    }

    /// Reads up to the closing quote. A quoted value may have several lines.
    fn quoted(&mut self, quote: char, value: &mut String) -> Result<(), LineError> {
        let line = self.line;
        while let Some(c) = self.next() {
            match c {
                c if c == quote => return Ok(()),
                '\\' if quote == '"' => value.push(self.escaped()?),
                c => value.push(c),
            }
        }
        Err(LineError { line, why: format!("the quote {quote} is not closed; add the closing quote") })
    }

    /// Returns the character for an escape, after its backslash.
    fn escaped(&mut self) -> Result<char, LineError> {
        match self.rest.peek() {
            Some(c @ ('\\' | '\'' | '"' | '$' | ' ')) => {
                let c = *c;
                self.next();
                Ok(c)
            }
            Some('n') => {
                self.next();
                Ok('\n')
            }
            _ => self.wrong(
                "only \\ ' \" $ n or a space may follow a backslash; put a value with backslashes between ' and '",
            ),
        }
    }
}

fn is_blank(c: char) -> bool {
    c != '\n' && c.is_whitespace()
}

#[cfg(test)]
mod tests {
    use super::parse;

    fn value(line: &str) -> String {
        match parse(format!("A={line}").as_bytes()) {
            Ok(variables) => variables[0].1.clone(),
            Err(wrong) => format!("{wrong:?}"),
        }
    }

    fn wrong(text: impl AsRef<[u8]>) -> (usize, String) {
        let wrong = parse(text.as_ref()).expect_err("accepted");
        (wrong.line, wrong.why)
    }

    #[test]
    fn values_are_those_of_a_shell_without_expansion() {
        for (line, expected) in [
            ("", ""),
            (" # nothing", ""),
            ("plain", "plain"),
            (" plain \t# and a comment", "plain"),
            ("postgres://u:p#ss@host/name", "postgres://u:p#ss@host/name"),
            ("#secret", "#secret"),
            ("'two words'", "two words"),
            (r"'C:\new $HOME'", r"C:\new $HOME"),
            (r#""a \"quoted\" \\ \$x\n""#, "a \"quoted\" \\ $x\n"),
            ("pa$word${x}$", "pa$word${x}$"),
            ("\"${NAME}\"", "${NAME}"),
            (r"two\ words", "two words"),
            ("'a'\"b\"c", "abc"),
            ("'one\ntwo'", "one\ntwo"),
            ("ünïcode", "ünïcode"),
        ] {
            assert_eq!(value(line), expected, "A={line}");
        }
        let text = "\u{feff}# comment\r\n\r\nexport A=1\r\n  B = 2\nexport=3\n";
        let pairs = [("A", "1"), ("B", "2"), ("export", "3")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(parse(text.as_bytes()).expect("a good file"), pairs);
    }

    #[test]
    fn errors_name_the_line_and_hide_its_text() {
        for (text, line, why) in [
            ("A=1\nAGENCY=Atelier hunter2\nB=2\n", 2, "between quotes"),
            ("A=1\n\nhunter2", 3, "NAME=value"),
            ("hunter2 A=1", 1, "NAME=value"),
            ("1A=hunter2", 1, "NAME=value"),
            ("A-B=hunter2", 1, "NAME=value"),
            ("=hunter2", 1, "NAME=value"),
            ("export", 1, "NAME=value"),
            ("A=1\nB='hunter2\nC=3\nD=4", 2, "not closed"),
            ("A=1\nB=\"hunter2", 2, "not closed"),
            ("A='x\ny'\nB=hunter2\\x", 3, "backslash"),
            ("A=hunter2\\", 1, "backslash"),
            ("A='hunter2' x", 1, "between quotes"),
            ("A=hunter2\nB=2\nA=3", 3, "again after line 1"),
            ("A=hunter2\0", 1, "NUL"),
        ] {
            let (found, told) = wrong(text);
            assert_eq!(found, line, "{text}: {told}");
            assert!(told.contains(why) && !told.contains("hunter2"), "{text}: {told}");
        }
        assert_eq!(wrong(b"A=1\nB=\xff\xfe").0, 2);
        assert_eq!(wrong(b"\xff\xfeA\0=\0\x31\0").0, 1);
    }
}
