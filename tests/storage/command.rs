//! `dossier objects`, on a store that supports the rules, and on one that does not.

use super::store::Store;
use crate::support::{objects::variables, process::command};
use aws_sdk_s3::types::{CorsConfiguration, CorsRule};

const HUB: &str = "https://hub.example.com";

/// Returns whether it succeeded, and its output.
fn objects(store: &Store, what: &str) -> (bool, String) {
    let data = tempfile::tempdir().unwrap();
    let mut command = command(data.path());
    command.envs(variables(&store.settings)).env("CORS_ORIGINS", HUB).args(["objects", what]);
    let output = command.output().unwrap();
    let printed = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap()).concat();
    (output.status.success(), printed)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bucket_is_set_up_or_the_operator_gets_instructions() {
    let store = Store::remote().await;
    let (tool, bucket) = (store.good_tool(), store.bucket());
    let other = CorsRule::builder().id("others").allowed_origins("https://other.example").allowed_methods("GET");
    let rules = CorsConfiguration::builder().cors_rules(other.build().unwrap()).build().unwrap();
    // The embedded store, like some others, does not support such rules.
    let keeps_rules = tool.put_bucket_cors().bucket(bucket).cors_configuration(rules).send().await.is_ok();

    let (done, printed) = objects(&store, "setup");
    let (fine, checked) = objects(&store, "check");
    assert!(checked.contains("ok: the bucket exists"), "{checked}");
    assert!(checked.contains("ok: an upload in parts can be stored, read and deleted"), "{checked}");
    assert_eq!(done, fine, "{printed}{checked}");
    assert_eq!(done, !printed.contains("not set: "), "{printed}");
    if keeps_rules {
        assert!(
            checked.contains("ok: browsers can upload and download files from https://hub.example.com"),
            "{checked}"
        );
        assert_eq!(objects(&store, "setup").0, done, "it can be repeated");
        let rules = tool.get_bucket_cors().bucket(bucket).send().await.unwrap();
        let mut of: Vec<_> = rules.cors_rules().iter().filter_map(|rule| rule.id()).collect();
        of.sort_unstable();
        assert_eq!(of, ["dossier-browsers", "others"]);
    } else {
        assert!(
            checked.contains("missing: browsers can upload and download files from https://hub.example.com"),
            "{checked}"
        );
        assert!(printed.contains("not set: browsers") && printed.contains("CORSRules"), "{printed}");
        assert!(printed.contains(HUB) && printed.contains("AbortIncompleteMultipartUpload"), "{printed}");
    }
}
