// The query editor with a sign-in above it. The token goes with every request; an Authorization of one's own in the
// editor's headers tab takes precedence.
"use strict";

const QUERY = `# Sign in above with an address and a password
# that the server printed at its first start,
# then press Ctrl-Enter.
query FirstLook {
  viewer {
    displayName
    role
    organization {
      name
    }
  }
  clients(first: 10) {
    nodes {
      id
      name
      status
    }
  }
}
`;

const SUBSCRIPTION = `# Press Ctrl-Enter, and change something in another
# browser tab: what happens appears here.
subscription Live {
  dossierEvents {
    cursor
    type
    occurredAt
    actor {
      displayName
    }
    client {
      name
    }
  }
}
`;

const SIGN_IN = `mutation SignIn($input: SignInInput!) {
  signIn(input: $input) {
    accessToken
    userErrors { message }
  }
}`;

// Kept for this tab, until it is closed: two tabs may be two people.
const TOKEN = "dossier-token";

const endpoint = new URL("/graphql", location.href);
const socket = new URL(endpoint);
socket.protocol = endpoint.protocol.replace("http", "ws");

/** The headers of a request; over WebSocket, the payload of `connection_init`. */
function signed(headers = {}) {
    const token = sessionStorage.getItem(TOKEN);
    const own = Object.keys(headers).some((name) => name.toLowerCase() === "authorization");
    return own || !token ? headers : { ...headers, Authorization: `Bearer ${token}` };
}

async function ask(query, variables) {
    const response = await fetch(endpoint, {
        method: "POST",
        headers: signed({ "Content-Type": "application/json" }),
        body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = await response.json();
    if (errors) throw new Error(errors[0].message);
    return data;
}

async function signIn(form) {
    const { email, password, organization } = Object.fromEntries(new FormData(form));
    const { signIn } = await ask(SIGN_IN, { input: { email, password, organization: organization || null } });
    if (!signIn.accessToken) throw new Error(signIn.userErrors[0].message);
    sessionStorage.setItem(TOKEN, signIn.accessToken);
    form.reset();
}

async function signOut() {
    await ask("mutation { signOut { signedOut } }");
    sessionStorage.removeItem(TOKEN);
}

async function showViewer() {
    if (sessionStorage.getItem(TOKEN)) {
        // A token of yesterday, or of a database that is gone, would have everything refused.
        await ask("{ viewer { displayName role } }").then(
            ({ viewer }) => (document.querySelector("#viewer").value = `${viewer.displayName} · ${viewer.role}`),
            () => sessionStorage.removeItem(TOKEN),
        );
    }
    const isSignedIn = sessionStorage.getItem(TOKEN) !== null;
    document.querySelector("#sign-in").hidden = isSignedIn;
    document.querySelector("#sign-out").hidden = !isSignedIn;
}

function onSubmit(id, action) {
    const problem = document.querySelector("#problem");
    document.querySelector(id).addEventListener("submit", (event) => {
        event.preventDefault();
        problem.value = "";
        action(event.target)
            .then(showViewer)
            .catch((error) => (problem.value = error.message));
    });
}

onSubmit("#sign-in", signIn);
onSubmit("#sign-out", signOut);
showViewer();

const fetcher = GraphiQL.createFetcher({ url: endpoint.href, subscriptionUrl: socket.href });
const editor = React.createElement(GraphiQL, {
    fetcher: (request, options) => fetcher(request, { ...options, headers: signed(options?.headers) }),
    defaultTabs: [{ query: QUERY }, { query: SUBSCRIPTION }],
});
ReactDOM.createRoot(document.querySelector("#editor")).render(editor);
