#!/usr/bin/env bash
# A private CA, and a certificate of it for the server:
#     make-ca.sh FOLDER NAME_OR_ADDRESS...      e.g. make-ca.sh tls manyi.lan 192.168.1.20
# Makes ca.key and ca.crt once and keeps them; makes server.key and server.crt each time. The tablets
# need ca.crt, the server needs server.*, and nobody on the network may ever get ca.key.
set -euo pipefail
umask 077

ca_days=3650
# Apple's devices accept no more than 825 days of a private CA either.
server_days=820

main() {
    if [ $# -lt 2 ]; then sed -n '2,5s/^# //p' "$0" >&2; exit 2; fi
    mkdir -p "$1"
    cd "$1"
    shift
    if [ ! -e ca.key ]; then make_ca; fi
    make_server "$1" "$(names "$@")"
    chmod 644 ca.crt server.crt
    openssl verify -CAfile ca.crt server.crt
    openssl x509 -in ca.crt -noout -fingerprint -sha256
}

make_ca() {
    openssl req -x509 -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -sha256 \
        -days "$ca_days" -keyout ca.key -out ca.crt -subj "/CN=Manyi CA $(date +%Y-%m-%d)" \
        -config <(printf '%s\n' '[req]' 'distinguished_name = dn' '[dn]') \
        -addext "basicConstraints = critical, CA:TRUE, pathlen:0" \
        -addext "keyUsage = critical, keyCertSign, cRLSign" \
        -addext "subjectKeyIdentifier = hash"
}

make_server() {
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -sha256 \
        -keyout server.key -out server.csr -subj "/CN=$1" \
        -config <(printf '%s\n' '[req]' 'distinguished_name = dn' '[dn]')
    openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -sha256 -days "$server_days" \
        -set_serial "0x$(openssl rand -hex 16)" -out server.crt \
        -extfile <(printf '%s\n' \
            "basicConstraints = critical, CA:FALSE" \
            "keyUsage = critical, digitalSignature" \
            "extendedKeyUsage = serverAuth" \
            "subjectKeyIdentifier = hash" \
            "authorityKeyIdentifier = keyid" \
            "subjectAltName = $2")
    rm server.csr
}

# "manyi.lan 192.168.1.20" -> "DNS:manyi.lan,IP:192.168.1.20"
names() {
    local name list=
    for name in "$@"; do
        if [[ $name =~ ^[0-9.]+$ || $name == *:* ]]; then list+=",IP:$name"; else list+=",DNS:$name"; fi
    done
    printf '%s' "${list#,}"
}

main "$@"
