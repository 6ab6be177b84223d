#!/usr/bin/env bash
# Creates the event log's topics, or checks those that exist. Runs as often as you like and never changes a topic:
# more partitions move people to other partitions, which needs the procedure in docs/operations.md, not a flag here.
set -euo pipefail

: "${PERSONALIZATION_KAFKA:?is not set: the brokers, as host:port,host:port}"
topic=${PERSONALIZATION_TOPIC:-events}
partitions=${EVENT_PARTITIONS:-24}
replicas=${REPLICATION_FACTOR:-3}
in_sync=${MIN_IN_SYNC_REPLICAS:-2}
retention=${EVENT_RETENTION_MS:-604800000}             # 7 days: as long as the oldest state you may have to restore
dead_retention=${DEAD_LETTER_RETENTION_MS:-2592000000} # 30 days: people read these, and people take time

topics() { /opt/kafka/bin/kafka-topics.sh --bootstrap-server "$PERSONALIZATION_KAFKA" "$@"; }

ensure() {
  local name=$1 count=$2
  shift 2
  topics --create --if-not-exists --topic "$name" --partitions "$count" --replication-factor "$replicas" \
    --config "min.insync.replicas=$in_sync" --config cleanup.policy=delete --config compression.type=producer "$@"
  local found
  found=$(topics --describe --topic "$name" | sed -n 's/.*PartitionCount: *\([0-9]*\).*/\1/p' | head -n 1)
  if [ "$found" != "$count" ]; then
    echo "Topic $name has $found partitions, not $count. See \"More partitions\" in docs/operations.md." >&2
    exit 1
  fi
  echo "Topic $name: $found partitions."
}

# Times are the producer's; a broker in between must not replace them.
ensure "$topic" "$partitions" --config "retention.ms=$retention" --config message.timestamp.type=CreateTime
# Poison is rare, and its order says nothing: one partition keeps it easy to read.
ensure "$topic.dead-letters" 1 --config "retention.ms=$dead_retention"
