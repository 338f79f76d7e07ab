//! Reads the names that a file declares, imports and uses from its tokens.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use std::collections::{BTreeMap, BTreeSet};

/// A path as it is written, such as `["super", "columns", "Columns"]`.
pub type Names = Vec<String>;

/// One `use` of one name.
pub struct Import {
    pub path: Names,
    /// The name by which the module knows it; `*` for a glob.
    pub alias: String,
    /// Whether the declaration begins with `pub`.
    pub public: bool,
}

/// One module: a file, or an inline module in it.
#[derive(Default)]
pub struct Module {
    /// The inline modules in this module's text.
    pub inline: BTreeMap<String, Module>,
    /// The names of the items defined here, with macros.
    pub items: BTreeSet<String>,
    pub imports: Vec<Import>,
    /// The paths outside of imports, with paths of a single name.
    pub paths: BTreeSet<Names>,
}

impl Module {
    /// Reads a module's text.
    pub fn parse(text: &str) -> Self {
        let mut module = Self::default();
        module.scan(&text.parse::<TokenStream>().unwrap(), true);
        module
    }

    /// Adds the declarations and uses of these tokens. Only top-level items belong to the module itself.
    fn scan(&mut self, tokens: &TokenStream, top: bool) {
        let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            at = match &tokens[at] {
                TokenTree::Ident(word) if word == "use" && !is_punct(&tokens, at + 1, '<') => self.import(&tokens, at),
                TokenTree::Ident(word) if word == "mod" => self.child(&tokens, at),
                TokenTree::Ident(_) => self.word(&tokens, at, top),
                TokenTree::Group(group) => {
                    let attribute = at > 0 && group.delimiter() == Delimiter::Bracket && is_punct(&tokens, at - 1, '#');
                    if attribute {
                        self.attribute(group);
                    } else {
                        self.scan(&group.stream(), false);
                    }
                    at + 1
                }
                _ => at + 1,
            };
        }
    }

    /// Reads an attribute. Its strings may be code, except for documentation.
    fn attribute(&mut self, group: &Group) {
        let text = group.stream().to_string();
        if text.starts_with("doc") {
            return;
        }
        self.scan(&group.stream(), false);
        for code in text.split('"').skip(1).step_by(2).filter(|code| code.contains("::")) {
            if let Ok(tokens) = code.parse() {
                self.scan(&tokens, false);
            }
        }
    }

    /// Reads `mod name;` or `mod name { … }`.
    fn child(&mut self, tokens: &[TokenTree], at: usize) -> usize {
        let Some(name) = ident(tokens, at + 1) else { return at + 1 };
        if let Some(TokenTree::Group(body)) = tokens.get(at + 2) {
            let mut module = Self::default();
            module.scan(&body.stream(), true);
            self.inline.insert(name, module);
        }
        at + 3
    }

    /// Reads `use …;`.
    fn import(&mut self, tokens: &[TokenTree], at: usize) -> usize {
        let end = (at..tokens.len()).find(|at| is_punct(tokens, *at, ';')).unwrap_or(tokens.len());
        let restricted = matches!(at.checked_sub(1).map(|at| &tokens[at]), Some(TokenTree::Group(_)));
        let before = at.checked_sub(if restricted { 2 } else { 1 });
        let public = before.and_then(|at| ident(tokens, at)).is_some_and(|word| word == "pub");
        self.import_tree(&tokens[at + 1..end], &Vec::new(), public);
        end + 1
    }

    /// Reads one branch of the tree of a `use`.
    fn import_tree(&mut self, tokens: &[TokenTree], prefix: &Names, public: bool) {
        if prefix.is_empty() && is_punct(tokens, 0, ':') {
            // `use ::name` refers to another crate.
            return;
        }
        let mut path = prefix.clone();
        let mut alias = None;
        for (at, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Group(group) => {
                    let branches: Vec<_> = group.stream().into_iter().collect();
                    for branch in
                        branches.split(|token| matches!(token, TokenTree::Punct(mark) if mark.as_char() == ','))
                    {
                        self.import_tree(branch, &path, public);
                    }
                    return;
                }
                TokenTree::Ident(word) if word == "as" => {
                    alias = ident(tokens, at + 1);
                    break;
                }
                TokenTree::Ident(word) if word == "self" && !path.is_empty() => {}
                TokenTree::Ident(_) => path.extend(ident(tokens, at)),
                TokenTree::Punct(mark) if mark.as_char() == '*' => alias = Some("*".to_owned()),
                _ => {}
            }
        }
        if let Some(last) = path.last() {
            let alias = alias.unwrap_or_else(|| last.clone());
            self.imports.push(Import { path, alias, public });
        }
    }

    /// Reads a path, and the name of the item that a keyword begins.
    fn word(&mut self, tokens: &[TokenTree], at: usize, top: bool) -> usize {
        let mut path = vec![ident(tokens, at).unwrap()];
        let mut end = at + 1;
        while is_punct(tokens, end, ':') && is_punct(tokens, end + 1, ':') {
            let Some(next) = ident(tokens, end + 2) else { break };
            path.push(next);
            end += 3;
        }
        if top && let Some(name) = ident(tokens, end) {
            let kinds = ["fn", "struct", "enum", "union", "trait", "type", "const", "static"];
            if kinds.contains(&path[0].as_str()) {
                self.items.insert(name);
            }
        }
        if top && path == ["macro_rules"] {
            self.items.extend(ident(tokens, end + 1));
        }
        let field = at > 0 && is_punct(tokens, at - 1, '.') && !(at > 1 && is_punct(tokens, at - 2, '.'));
        let continued = at > 1 && is_punct(tokens, at - 1, ':') && is_punct(tokens, at - 2, ':');
        if !field && !continued {
            self.paths.insert(path);
        }
        end
    }
}

/// Returns the word at this place, without the mark of a raw one.
fn ident(tokens: &[TokenTree], at: usize) -> Option<String> {
    match tokens.get(at)? {
        TokenTree::Ident(word) => Some(word.to_string().trim_start_matches("r#").to_owned()),
        _ => None,
    }
}

fn is_punct(tokens: &[TokenTree], at: usize, wanted: char) -> bool {
    matches!(tokens.get(at), Some(TokenTree::Punct(mark)) if mark.as_char() == wanted)
}
