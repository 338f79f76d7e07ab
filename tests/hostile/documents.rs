use crate::support::{World, json};
use dossier::graphql::limits::{self, Limits};
use proptest::prelude::*;
use std::fmt::Write;

/// Each fragment spreads the next one twice. A few of them would expand to more fields than there are atoms.
#[tokio::test]
async fn nested_spreads_are_refused_at_once() {
    let world = World::new().await;
    let mut query = "query { ...f0 }".to_owned();
    for n in 0..25 {
        let _ = write!(query, " fragment f{n} on Query {{ ...f{} ...f{} }}", n + 1, n + 1);
    }
    query.push_str(" fragment f25 on Query { viewer { role } }");
    let answer = world.martin.send(&query, json!({})).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED", "{answer:#}");
    let message = answer["errors"][0]["message"].as_str().unwrap();
    assert_eq!(message, "The document has more than 1000000 fields. The limit is 2000.");
}

/// Tries the fragments in the order of their spreads, and in reverse, in which each is counted before it is used.
#[tokio::test]
async fn chains_of_fragments_are_limited() {
    let world = World::new().await;
    let links: Vec<_> = (0..40)
        .map(|n| {
            let (open, close) = ("... { ".repeat(40), "} ".repeat(40));
            format!("fragment f{n} on Query {{ {open} ...f{} {close} }} ", n + 1)
        })
        .collect();
    let (end, chain) = ("fragment f40 on Query { viewer { role } } ", links.concat());
    let reversed = (0..=40).rev().map(|n| format!("...f{n} ")).collect::<Vec<_>>().concat();
    for spreads in ["...f0", &reversed] {
        let answer = world.martin.send(&format!("{{ {spreads} }} {chain}{end}"), json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED", "{answer:#}");
        let message = answer["errors"][0]["message"].as_str().unwrap();
        assert!(message.contains("levels of selections. The limit is 32"), "{message}");
    }
    world.martin.query("{ ... { ... { viewer { role } } } }", json!({})).await;
}

#[tokio::test]
async fn aliases_do_not_multiply_an_operation() {
    let world = World::new().await;
    let fields = (0..26).map(|n| format!("f{n}: viewer {{ role }} ")).collect::<Vec<_>>().concat();
    assert_eq!(world.operator.code(&format!("{{ {fields} }}"), json!({})).await, "GRAPHQL_VALIDATION_FAILED");
    let guesses = (0..26)
        .map(|n| format!("g{n}: signIn(input: {{ email: \"a@b.example\", password: \"{n}\" }}) {{ accessToken }} "))
        .collect::<Vec<_>>()
        .concat();
    assert_eq!(
        world.anonymous.code(&format!("mutation {{ {guesses} }}"), json!({})).await,
        "GRAPHQL_VALIDATION_FAILED"
    );
}

/// Each error names the limit and the actual value.
#[tokio::test]
async fn documents_have_limits() {
    let world = World::new().await;
    let many = |n: usize, part: &str| part.repeat(n);
    let nested = |n: usize| format!("{{ {}x{} }}", many(n, "x { "), many(n, " }"));
    let aliases: String = (0..101).fold(String::new(), |mut all, n| {
        let _ = write!(all, "a{n}: role ");
        all
    });
    for (document, why) in [
        (format!("{{ viewer {{ role }} }} #{}", many(70_000, "x")), "70021 bytes. The limit is 65536"),
        (format!("{{ {} }}", many(10_000, "x ")), "10002 tokens. The limit is 10000"),
        (nested(60), "61 levels of brackets. The limit is 50"),
        (many(60_000, "{"), "60000 tokens"),
        (format!("{{ client(id: {}1{}) {{ id }} }}", many(4_000, "["), many(4_000, "]")), "4002 levels of brackets"),
        (nested(15), "16 levels of fields. The limit is 15"),
        (format!("{{ viewer {{ {} }} }}", many(2_000, "role ")), "2001 fields. The limit is 2000"),
        (format!("{{ {} }}", many(26, "viewer { role } ")), "26 root fields. The limit is 25"),
        (format!("{{ viewer {{ {aliases} }} }}"), "101 aliases. The limit is 100"),
        (format!("{{ viewer {{ role {} }} }}", many(101, "@x ")), "101 directives. The limit is 100"),
    ] {
        let answer = world.operator.send(&document, json!({})).await;
        let error = &answer["errors"][0];
        assert_eq!(error["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED", "{error:#}");
        assert!(error["message"].as_str().unwrap().contains(why), "{why}: {error:#}");
    }
}

/// Sign-in needs little.
#[tokio::test]
async fn callers_who_are_not_signed_in_have_lower_limits() {
    let world = World::new().await;
    let many = |n: usize, part: &str| part.repeat(n);
    let aliases: String = (0..11).fold(String::new(), |mut all, n| {
        let _ = write!(all, "a{n}: role ");
        all
    });
    for (document, why) in [
        (format!("{{ viewer {{ role }} }} #{}", many(10_000, "x")), "10021 bytes. The limit is 8192"),
        (format!("{{ {} }}", many(1_000, "x ")), "1002 tokens. The limit is 1000"),
        (format!("{{ viewer {{ {} }} }}", many(500, "role ")), "501 fields. The limit is 500"),
        (format!("{{ {} }}", many(6, "viewer { role } ")), "6 root fields. The limit is 5"),
        (format!("{{ viewer {{ {aliases} }} }}"), "11 aliases. The limit is 10"),
        (format!("{{ viewer {{ role {} }} }}", many(11, "@x ")), "11 directives. The limit is 10"),
        (
            "{ a: clients(first: 100) { nodes { id } } clients { nodes { id } } }".to_owned(),
            "120 points of cost. The limit is 100",
        ),
    ] {
        let answer = world.anonymous.send(&document, json!({})).await;
        let error = &answer["errors"][0];
        assert_eq!(error["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED", "{error:#}");
        assert!(error["message"].as_str().unwrap().contains(why), "{why}: {error:#}");
        let answer = world.martin.send(&document, json!({})).await.to_string();
        assert!(!answer.contains(why.split(';').next().unwrap()), "{why}: {answer}");
    }
}

/// Brackets in text are not counted.
#[tokio::test]
async fn brackets_in_strings_and_comments_are_not_counted() {
    let world = World::new().await;
    let brackets = "[{(".repeat(20);
    let words = "x ".repeat(9_000);
    for document in [
        format!("{{ viewer {{ role }} }} # {brackets} {words}"),
        format!("{{ clients(filter: {{ search: \"{brackets}\" }}) {{ totalCount }} }}"),
        format!("{{ clients(filter: {{ search: \"\\\"{brackets}\" }}) {{ totalCount }} }}"),
        format!("{{ clients(filter: {{ search: \"\"\"{brackets} \\\"\"\" {brackets}\"\"\" }}) {{ totalCount }} }}"),
    ] {
        let answer = world.operator.send(&document, json!({})).await;
        let refused = answer["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED";
        assert!(answer["data"].is_object() && !refused, "{document:.100}\n{answer:#}");
    }
}

/// An error names its argument, with any ignored characters between the tokens.
#[tokio::test]
async fn ignored_characters_around_an_argument_break_nothing() {
    let world = World::new().await;
    for ignored in ["", "\u{feff}", ",", " ,\u{feff}\t"] {
        let document = format!("{{ creditNote({ignored}id{ignored}:{ignored}\"3693742061639936801\") {{ note }} }}");
        let answer = world.operator.send(&document, json!({})).await;
        let extensions = &answer["errors"][0]["extensions"];
        assert_eq!(extensions["code"], "BAD_USER_INPUT", "{document:?}\n{answer:#}");
        assert_eq!(extensions["argument"], "id", "{document:?}\n{answer:#}");
    }
}

#[tokio::test]
async fn errors_do_not_repeat_the_input() {
    let world = World::new().await;
    let long = "x".repeat(50_000);
    for document in [
        format!("{{ viewer {{ role }} }} }} {long}"),
        format!("{{ {long} }}"),
        format!("{{ clients(filter: {{ search: \"{long}\" }}) {{ totalCount }} }}"),
        format!("{{ {} }}", "nothing ".repeat(1_900)),
    ] {
        let answer = world.operator.send(&document, json!({})).await.to_string();
        assert!(answer.contains("errors") && answer.len() < 20_000, "{} bytes: {answer:.500}", answer.len());
    }
}

proptest! {
    /// Unterminated strings, quotes within quotes, characters of several bytes.
    #[test]
    fn any_text_can_be_counted(text in r#"["\\#\n{}()\[\]ae\u{e9}\u{1f600}\u{feff}, ]{0,300}"#) {
        let _ = limits::check_text(&text, &Limits::ANONYMOUS);
    }
}
