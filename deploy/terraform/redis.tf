# Grain state and the membership table.
#
# What is durable here: ElastiCache has no append-only file. A write is answered when the primary has it in memory, and copies follow a
# moment later, so a failover may lose the last writes, and losing all nodes goes back to the last daily snapshot. The events themselves
# are in Kafka, for as long as it keeps them, but Kafka also remembers that they were folded: whoever goes back to an older Redis sets
# the consumer group back too (docs/operations.md, "Redis went back in time"). MemoryDB writes each change to a log in several zones
# before it answers; it is the choice where that must not happen, and costs more per write.
resource "aws_security_group" "redis" {
  name        = "${var.name}-redis"
  description = "Redis, reached by the pods of ${var.name}"
  vpc_id      = aws_vpc.this.id
  tags        = local.tags
}

resource "aws_vpc_security_group_ingress_rule" "redis" {
  security_group_id            = aws_security_group.redis.id
  referenced_security_group_id = aws_eks_cluster.this.vpc_config[0].cluster_security_group_id
  description                  = "Redis"
  ip_protocol                  = "tcp"
  from_port                    = 6379
  to_port                      = 6379
}

resource "aws_elasticache_subnet_group" "this" {
  name       = var.name
  subnet_ids = [for zone in var.zones : aws_subnet.private[zone].id]
  tags       = local.tags
}

resource "aws_elasticache_parameter_group" "this" {
  name   = "${var.name}-redis7"
  family = "redis7"
  tags   = local.tags

  # A full Redis refuses writes, which is seen and mended. Evicting would forget people, and may take the membership table.
  parameter {
    name  = "maxmemory-policy"
    value = "noeviction"
  }

  # Room for the copy that a snapshot and a new replica need.
  parameter {
    name  = "reserved-memory-percent"
    value = "25"
  }
}

resource "aws_elasticache_replication_group" "this" {
  replication_group_id = var.name
  description          = "Grain state and membership of ${var.name}"
  engine               = "redis"
  engine_version       = "7.1"
  node_type            = var.redis_node_type
  parameter_group_name = aws_elasticache_parameter_group.this.name
  port                 = 6379
  tags                 = local.tags

  # One primary, two replicas, each in its zone.
  num_cache_clusters          = 3
  automatic_failover_enabled  = true
  multi_az_enabled            = true
  preferred_cache_cluster_azs = var.zones

  subnet_group_name  = aws_elasticache_subnet_group.this.name
  security_group_ids = [aws_security_group.redis.id]

  at_rest_encryption_enabled = true
  kms_key_id                 = aws_kms_key.this.arn
  transit_encryption_enabled = var.redis_encryption

  snapshot_retention_limit  = var.redis_snapshot_days
  snapshot_window           = "03:00-04:00"
  maintenance_window        = "sun:04:30-sun:05:30"
  final_snapshot_identifier = var.final_snapshot ? "${var.name}-final" : null
  apply_immediately         = false
}
