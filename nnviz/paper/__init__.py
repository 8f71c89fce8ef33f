"""The source document's equations, line by line: the network, its error term E, its gradients."""
