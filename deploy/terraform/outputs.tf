output "cluster_name" {
  description = "For: aws eks update-kubeconfig --name"
  value       = aws_eks_cluster.this.name
}

output "cluster_endpoint" {
  description = "The Kubernetes API."
  value       = aws_eks_cluster.this.endpoint
}

output "kafka_brokers" {
  description = "PERSONALIZATION_KAFKA of the overlay: the plaintext brokers, or the TLS ones where plaintext is off."
  value       = var.kafka_client_encryption == "TLS" ? aws_msk_cluster.this.bootstrap_brokers_tls : aws_msk_cluster.this.bootstrap_brokers
}

output "redis_endpoint" {
  description = "PERSONALIZATION_REDIS of the overlay: a name that follows the primary through a failover."
  value       = "${aws_elasticache_replication_group.this.primary_endpoint_address}:6379${var.redis_encryption ? ",ssl=true" : ""}"
}

output "vpc_id" {
  description = "The network, for what else has to live in it."
  value       = aws_vpc.this.id
}

output "private_subnet_ids" {
  description = "One private subnet in each zone."
  value       = [for zone in var.zones : aws_subnet.private[zone].id]
}
