//! The way to a provider of identities and back: the one that holds, and all those that do not.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use hoptac_office::key::{Key, Token};
use hoptac_office::openid::{
    AWAY, Answer, Arrival, Departure, Fetched, OpenIdError, Provider, Purpose, Settings,
    Unreachable,
};
use jiff::{SignedDuration, Timestamp};
use openidconnect::{HttpRequest, HttpResponse};
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

const NOW: Timestamp = Timestamp::constant(1_770_000_000, 0);
const ISSUER: &str = "https://dinhdanh.example.vn";

/// A provider that answers as the standard says, but for what a test has it do wrong.
struct Fake {
    /// What the claims are changed by; a null takes one away.
    claims: Value,
    /// The seed of the key that signs, and of the one that is published.
    signs: u8,
    publishes: u8,
    /// Whether anything answers at all.
    answers: bool,
    /// The form that asked for the last proof, and how often the description was fetched.
    asked: BTreeMap<String, String>,
    described: u32,
    /// What the last way said at the provider's page.
    nonce: String,
    challenge: String,
}

fn pair(seed: u8) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap()
}

impl Fake {
    fn answer(&mut self, request: &HttpRequest) -> Result<HttpResponse, Unreachable> {
        if !self.answers {
            return Err(Unreachable("connection refused".to_owned()));
        }
        let body = match request.uri().path() {
            "/.well-known/openid-configuration" => {
                self.described += 1;
                json!({
                    "issuer": ISSUER,
                    "authorization_endpoint": format!("{ISSUER}/vao"),
                    "token_endpoint": format!("{ISSUER}/ma"),
                    "jwks_uri": format!("{ISSUER}/khoa"),
                    "response_types_supported": ["code"],
                    "subject_types_supported": ["pairwise"],
                    "id_token_signing_alg_values_supported": ["EdDSA"],
                })
            }
            "/khoa" => json!({"keys": [{
                "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": "k",
                "x": BASE64.encode(pair(self.publishes).public_key()),
            }]}),
            "/ma" => {
                let form = openidconnect::url::form_urlencoded::parse(request.body());
                self.asked = form.into_owned().collect();
                let verifier = self.asked.get("code_verifier").cloned().unwrap_or_default();
                assert_eq!(BASE64.encode(Sha256::digest(verifier)), self.challenge, "PKCE");
                json!({"access_token": "a", "token_type": "Bearer", "id_token": self.proof()})
            }
            path => panic!("nobody asks for {path}"),
        };
        let response = openidconnect::http::Response::builder()
            .header("content-type", "application/json")
            .body(body.to_string().into_bytes());
        Ok(response.unwrap())
    }

    fn proof(&self) -> String {
        let mut claims = json!({
            "iss": ISSUER, "sub": "001099000001", "aud": "hoptac", "nonce": self.nonce,
            "iat": NOW.as_second(), "exp": NOW.as_second() + 300,
        });
        claims.as_object_mut().unwrap().extend(self.claims.as_object().unwrap().clone());
        let head = BASE64.encode(json!({"alg": "EdDSA", "kid": "k"}).to_string());
        let signed = format!("{head}.{}", BASE64.encode(claims.to_string()));
        let signature = pair(self.signs).sign(signed.as_bytes());
        format!("{signed}.{}", BASE64.encode(signature.as_ref()))
    }
}

/// The fake, and an instance that trusts it.
fn instance() -> (Arc<Mutex<Fake>>, Provider) {
    let fake = Arc::new(Mutex::new(Fake {
        claims: json!({}),
        signs: 1,
        publishes: 1,
        answers: true,
        asked: BTreeMap::new(),
        described: 0,
        nonce: String::new(),
        challenge: String::new(),
    }));
    let asked = Arc::clone(&fake);
    let fetch = Arc::new(move |request: HttpRequest| -> Fetched {
        let answer = asked.lock().unwrap().answer(&request);
        Box::pin(async move { answer })
    });
    let settings = Settings {
        issuer: ISSUER.to_owned(),
        client: "hoptac".to_owned(),
        secret: Some("bí mật".to_owned()),
        name: "Định danh".to_owned(),
        back: "https://htx.example.vn/ve".to_owned(),
    };
    (fake, Provider::new(settings, fetch))
}

fn key() -> Key {
    Key::new([9; 32])
}

/// Goes to the provider, whose page notes what it is asked.
async fn go(
    fake: &Mutex<Fake>,
    provider: &Provider,
    purpose: Purpose,
) -> (Departure, BTreeMap<String, String>) {
    let chance = ([1, 2, 3].map(|byte| Token::new([byte; 32])), [4; 24]);
    let gone = provider.begin(&key(), (purpose, "/dia-ban?unit=20"), NOW, chance).await.unwrap();
    let address = openidconnect::url::Url::parse(&gone.address).unwrap();
    let asked: BTreeMap<String, String> = address.query_pairs().into_owned().collect();
    let said = |name: &str| asked.get(name).cloned().unwrap_or_default();
    let mut fake = fake.lock().unwrap();
    (fake.nonce, fake.challenge) = (said("nonce"), said("code_challenge"));
    drop(fake);
    (gone, asked)
}

async fn back(
    provider: &Provider,
    way: &str,
    answer: Answer<'_>,
    seconds: i64,
) -> Result<Arrival, OpenIdError> {
    provider.arrive(&key(), Some(way), answer, NOW + SignedDuration::from_secs(seconds)).await
}

#[tokio::test]
async fn whoever_goes_comes_back_with_an_identity_and_nothing_else() {
    let (fake, provider) = instance();
    let bind = Purpose::Bind("so-nnmt".into());
    let (gone, asked) = go(&fake, &provider, bind.clone()).await;
    assert!(gone.address.starts_with("https://dinhdanh.example.vn/vao?"));
    let want = [
        ("response_type", "code"),
        ("client_id", "hoptac"),
        ("redirect_uri", "https://htx.example.vn/ve"),
        ("scope", "openid"),
        ("code_challenge_method", "S256"),
    ];
    for (name, value) in want {
        assert_eq!(asked.get(name).map(String::as_str), Some(value), "{name}");
    }
    let answer = Answer { state: &asked["state"], code: "mã", issuer: ISSUER, error: "" };
    let first = back(&provider, &gone.way, answer, 60).await.unwrap();
    assert_eq!((&first.purpose, first.onward.as_str()), (&bind, "/dia-ban?unit=20"));
    assert_eq!(fake.lock().unwrap().asked["code"], "mã");
    // Who it is at the provider is not to be seen in what is kept, and another instance keeps something else.
    let other = Key::new([8; 32]).code("openid-identity", &format!("{ISSUER}\n001099000001"));
    assert_ne!(first.identity, other);
    // The same person is the same; another is another.
    assert_eq!(back(&provider, &gone.way, answer, 90).await.unwrap().identity, first.identity);
    fake.lock().unwrap().claims = json!({"sub": "001099000002"});
    assert_ne!(back(&provider, &gone.way, answer, 90).await.unwrap().identity, first.identity);
    assert_eq!(fake.lock().unwrap().described, 1, "the description is kept for an hour");
}

#[tokio::test]
async fn a_proof_that_does_not_hold_is_not_taken() {
    let (fake, provider) = instance();
    let (gone, asked) = go(&fake, &provider, Purpose::SignIn).await;
    let answer = Answer { state: &asked["state"], code: "m", ..Answer::default() };
    let day = 86_400;
    for (what, claims) in [
        ("another system's", json!({"aud": "khac"})),
        ("of several systems", json!({"aud": ["hoptac", "khac"]})),
        ("another issuer's", json!({"iss": "https://dinhdanh.example.com"})),
        ("another sign-in's", json!({"nonce": "khac"})),
        ("of no sign-in", json!({"nonce": null})),
        ("expired", json!({"iat": NOW.as_second() - day, "exp": NOW.as_second() - day + 300})),
    ] {
        fake.lock().unwrap().claims = claims;
        let told = back(&provider, &gone.way, answer, 1).await;
        assert!(matches!(told, Err(OpenIdError::Untrue(_))), "{what}: {told:?}");
        // What the log is told is not who it was.
        assert!(!format!("{told:?}").contains("00109900"), "{what}");
    }
    fake.lock().unwrap().claims = json!({});
    fake.lock().unwrap().signs = 2;
    let told = back(&provider, &gone.way, answer, 1).await;
    assert!(matches!(told, Err(OpenIdError::Untrue(_))), "signed by somebody else: {told:?}");
    // A provider may have changed its keys since they were fetched.
    fake.lock().unwrap().publishes = 2;
    assert!(back(&provider, &gone.way, answer, 1).await.is_ok());
}

#[tokio::test]
async fn a_way_that_was_not_begun_here_leads_nowhere() {
    let (fake, provider) = instance();
    let (gone, asked) = go(&fake, &provider, Purpose::SignIn).await;
    let answer = Answer { state: &asked["state"], code: "m", ..Answer::default() };
    let stale = |told: Result<Arrival, OpenIdError>| matches!(told, Err(OpenIdError::Stale));
    assert!(stale(back(&provider, &gone.way, Answer { state: "", ..answer }, 1).await));
    assert!(stale(back(&provider, &gone.way, Answer { state: "khac", ..answer }, 1).await));
    assert!(stale(back(&provider, "", answer, 1).await));
    assert!(stale(back(&provider, &gone.way.replace('a', "b"), answer, 1).await));
    assert!(stale(provider.arrive(&key(), None, answer, NOW).await));
    assert!(stale(provider.arrive(&Key::new([8; 32]), Some(&gone.way), answer, NOW).await));
    assert!(stale(back(&provider, &gone.way, answer, AWAY.as_secs() + 1).await));
    assert!(stale(back(&provider, &gone.way, answer, -1).await), "from the future");
    let other = Answer { issuer: "https://dinhdanh.example.com", ..answer };
    assert!(matches!(back(&provider, &gone.way, other, 1).await, Err(OpenIdError::Untrue(_))));
    let no = Answer { error: "access_denied", code: "", ..answer };
    assert!(matches!(back(&provider, &gone.way, no, 1).await, Err(OpenIdError::Declined)));
    let empty = Answer { code: "", ..answer };
    assert!(matches!(back(&provider, &gone.way, empty, 1).await, Err(OpenIdError::Declined)));
}

#[tokio::test]
async fn a_provider_that_is_silent_is_said_to_be() {
    let (fake, provider) = instance();
    fake.lock().unwrap().answers = false;
    let chance = || ([1, 2, 3].map(|byte| Token::new([byte; 32])), [4; 24]);
    let told = provider.begin(&key(), (Purpose::SignIn, "/"), NOW, chance()).await;
    let Err(OpenIdError::Provider(cause)) = told else { panic!("{told:?}") };
    assert!(cause.contains("connection refused"), "{cause}");
    // It is asked again as soon as somebody tries again.
    fake.lock().unwrap().answers = true;
    assert!(provider.begin(&key(), (Purpose::SignIn, "/"), NOW, chance()).await.is_ok());
}
