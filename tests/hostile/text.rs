use crate::support::{World, json};

#[tokio::test]
async fn a_search_is_taken_for_what_it_says() {
    let world = World::new().await;
    let found = async |search: &str| {
        let query = "query($search: String!) { clients(filter: { search: $search }) { totalCount } }";
        world.operator.send(query, json!({ "search": search })).await
    };
    assert_eq!(found("MÁRT").await["data"]["clients"]["totalCount"], 1);
    for pattern in ["%", "_", "mart_n", "\\"] {
        assert_eq!(found(pattern).await["data"]["clients"]["totalCount"], 0, "{pattern}");
    }
    for wrong in ["", "  ", "\0", "a\0b", "a\nb", &"x".repeat(50_000)] {
        let answer = found(wrong).await;
        assert_eq!(answer["errors"][0]["extensions"]["argument"], "filter.search", "{answer:#}");
    }
}

#[tokio::test]
async fn names_do_not_mislead() {
    let world = World::new().await;
    for name in ["a\u{202e}gpj.exe", "a\u{2028}b", "\u{feff}", "_bmad", "_BMAD.", "＿bmad", "..", "a/b", "a\\b", "a\0b"]
    {
        let upload = world.operator.request_upload(&world.martin_id, "DOCUMENTS", name, b"x").await;
        assert_eq!(upload["userErrors"][0]["field"], json!(["name"]), "{name:?} {upload:#}");
    }
}

/// PostgreSQL keeps no U+0000, which JSON can write all the same.
#[tokio::test]
async fn a_text_that_cannot_be_kept_is_nobodys_address() {
    let world = World::new().await;
    let input = json!({ "email": "owner@atelier.example\0", "password": "x", "organization": "\0" });
    let refused = world.anonymous.mutate("signIn", input, "accessToken").await;
    assert_eq!(refused["userErrors"][0]["code"], "FORBIDDEN", "{refused:#}");
}
