# The services of the suite, on free ports and in a temporary folder. `stop_services` stops all of them.

# free_ports N
free_ports() {
    python3 -c 'import socket, sys
sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(int(sys.argv[1]))]
print(*(s.getsockname()[1] for s in sockets))' "$1"
}

# Creates their folder. PostgreSQL refuses to run as root.
prepare_services() {
    services=$(mktemp --directory)
    as_postgres=()
    if ((EUID == 0)) && id postgres >/dev/null 2>&1; then
        as_postgres=(runuser --user postgres --)
        chown postgres "$services"
    fi
    trap stop_services EXIT
}

stop_services() {
    local process
    for process in "${redis-}" "${garage-}"; do
        [[ ! $process ]] || kill "$process" 2>/dev/null || true
    done
    if [[ -d $services/postgres ]]; then
        "${as_postgres[@]}" "$bin/pg_ctl" --pgdata "$services/postgres" --mode immediate stop >/dev/null || true
    fi
    rm --recursive --force "$services"
}

start_postgres() {
    local port
    port=$(free_ports 1)
    bin=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort --version-sort | tail --lines 1)
    cd "$services"
    "${as_postgres[@]}" "$bin/initdb" --pgdata postgres --username suite --auth trust --encoding UTF8 --no-sync >/dev/null
    "${as_postgres[@]}" "$bin/pg_ctl" --pgdata postgres --wait --log postgres.log start >/dev/null \
        --options "-c listen_addresses=127.0.0.1 -p $port -k $services -c fsync=off -c max_connections=400"
    cd "$OLDPWD"
    export TEST_POSTGRES_URL=postgres://suite@127.0.0.1:$port/postgres
}

# Starts Redis without persistence.
start_redis() {
    local port
    port=$(free_ports 1)
    redis-server --bind 127.0.0.1 --port "$port" --save '' --appendonly no --dir "$services" >/dev/null &
    redis=$!
    export TEST_REDIS_URL=redis://127.0.0.1:$port
}

# use_s3 URL: sets the variables of the external store.
use_s3() {
    export TEST_S3_ENDPOINT=$1
    export TEST_S3_BUCKET=${S3_BUCKET:-dossier-test}
    export TEST_S3_REGION=${S3_REGION:-us-east-1}
    export TEST_S3_ACCESS_KEY_ID=${AWS_ACCESS_KEY_ID:?is needed for --s3}
    export TEST_S3_SECRET_ACCESS_KEY=${AWS_SECRET_ACCESS_KEY:?is needed for --s3}
    [[ ! ${AWS_SESSION_TOKEN-} ]] || export TEST_S3_SESSION_TOKEN=$AWS_SESSION_TOKEN
}

# Starts a Garage on free ports and in a temporary folder. Both end with the suite.
start_garage() {
    local s3 rpc line
    if ! command -v garage >/dev/null; then
        echo "tests/run: there is no garage in PATH; get it with: cargo install garage --locked" >&2
        exit 1
    fi
    local folder=$services/garage
    mkdir "$folder"
    read -r s3 rpc < <(free_ports 2)
    cat >"$folder/garage.toml" <<TOML
metadata_dir = "$folder/meta"
data_dir = "$folder/data"
db_engine = "sqlite"
replication_factor = 1
rpc_bind_addr = "127.0.0.1:$rpc"
rpc_public_addr = "127.0.0.1:$rpc"
rpc_secret = "$(head --bytes 32 /dev/urandom | od --address-radix n --format x1 | tr --delete ' \n')"
[s3_api]
s3_region = "garage"
api_bind_addr = "127.0.0.1:$s3"
TOML
    export GARAGE_CONFIG_FILE=$folder/garage.toml
    garage server --single-node >"$folder/log" 2>&1 &
    garage=$!
    if ! curl --silent --output /dev/null --retry 50 --retry-delay 1 --retry-connrefused "http://127.0.0.1:$s3"; then
        cat "$folder/log" >&2
        exit 1
    fi
    while read -r line; do
        case $line in
            "Key ID:"*) AWS_ACCESS_KEY_ID=${line##* } ;;
            "Secret key:"*) AWS_SECRET_ACCESS_KEY=${line##* } ;;
        esac
    done < <(garage key create suite 2>/dev/null)
    garage bucket create dossier-test >/dev/null 2>&1
    garage bucket allow --read --write --owner --key suite dossier-test >/dev/null 2>&1
    S3_REGION=garage S3_BUCKET=dossier-test use_s3 "http://127.0.0.1:$s3"
}
