variable "name" {
  description = "Names everything: lower-case letters, digits and hyphens, at most 24."
  type        = string
  default     = "personalization"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,23}$", var.name))
    error_message = "The name starts with a letter and holds 2 to 24 lower-case letters, digits and hyphens."
  }
}

variable "tags" {
  description = "Tags of every resource."
  type        = map(string)
  default     = {}
}

variable "vpc_cidr" {
  description = "The addresses of the network; a /16 leaves room for a pod per address."
  type        = string
  default     = "10.40.0.0/16"

  validation {
    condition     = can(cidrsubnet(var.vpc_cidr, 4, 5))
    error_message = "The network is an IPv4 range of /24 or larger, like 10.40.0.0/16."
  }
}

variable "zones" {
  description = "The three availability zones, of the provider's region. Kafka keeps one copy of each event in each."
  type        = list(string)

  validation {
    condition     = length(distinct(var.zones)) == 3
    error_message = "Name three different zones: with fewer, losing one may stop Kafka from acknowledging."
  }
}

variable "nat_gateway_per_zone" {
  description = "Whether each zone has its own way out. One for all is cheaper, and ends with its zone."
  type        = bool
  default     = true
}

variable "kubernetes_version" {
  description = "1.30 or later: the silos' preStop hook is a sleep of the kubelet, which earlier versions don't know."
  type        = string
  default     = "1.33"

  validation {
    condition     = can(regex("^1\\.(3[0-9]|[4-9][0-9])$", var.kubernetes_version))
    error_message = "The version is 1.30 or later."
  }
}

variable "api_allowed_cidrs" {
  description = "Who may reach the Kubernetes API from outside. Empty closes it: only the network itself can."
  type        = list(string)
  default     = []

  validation {
    condition     = !contains(var.api_allowed_cidrs, "0.0.0.0/0")
    error_message = "The whole world needn't reach the Kubernetes API."
  }
}

variable "node_instance_types" {
  description = "Machines that silos run on. One silo asks for 4 CPUs and 8 GiB in the production overlay."
  type        = list(string)
  default     = ["m7i.2xlarge"]
}

variable "node_count" {
  description = "How many machines: at the start, at least and at most. One more than silos leaves room for the surge of an update."
  type = object({
    desired = number
    least   = number
    most    = number
  })
  default = { desired = 7, least = 4, most = 25 }

  validation {
    condition     = var.node_count.least >= 3 && var.node_count.least <= var.node_count.desired && var.node_count.desired <= var.node_count.most
    error_message = "At least three, and least <= desired <= most."
  }
}

variable "kafka_version" {
  description = "A version that MSK runs."
  type        = string
  default     = "3.8.x"
}

variable "kafka_instance_type" {
  description = "The brokers' machines."
  type        = string
  default     = "kafka.m7g.large"
}

variable "kafka_brokers_per_zone" {
  description = "Brokers in each of the three zones."
  type        = number
  default     = 1

  validation {
    condition     = var.kafka_brokers_per_zone >= 1
    error_message = "Each zone has a broker."
  }
}

variable "kafka_volume_gib" {
  description = "Disk of each broker. Events/s x bytes x retention x 3 copies / brokers, and as much again to grow into."
  type        = number
  default     = 500
}

variable "kafka_client_encryption" {
  description = "PLAINTEXT, TLS_PLAINTEXT or TLS. The silo speaks plaintext on 9092, inside the network and behind the security group."
  type        = string
  default     = "PLAINTEXT"

  validation {
    condition     = contains(["PLAINTEXT", "TLS_PLAINTEXT", "TLS"], var.kafka_client_encryption)
    error_message = "One of PLAINTEXT, TLS_PLAINTEXT, TLS."
  }
}

variable "redis_node_type" {
  description = "The machines of Redis. All profiles must fit: about 1 KB each, and a quarter of the memory stays free for snapshots and copies."
  type        = string
  default     = "cache.r7g.xlarge"
}

variable "redis_encryption" {
  description = "Whether silos speak TLS to Redis; the output redis_endpoint then says so to them."
  type        = bool
  default     = true
}

variable "redis_snapshot_days" {
  description = "How many daily snapshots are kept. Kafka must keep events for longer than the newest usable snapshot is old."
  type        = number
  default     = 7

  validation {
    condition     = var.redis_snapshot_days >= 1
    error_message = "Without snapshots nothing could be restored: ElastiCache has no append-only file."
  }
}

variable "final_snapshot" {
  description = "Whether taking Redis down leaves a last snapshot behind."
  type        = bool
  default     = true
}
