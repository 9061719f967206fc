"""What was taken down, erased: from every file of a workspace, and from the Hub."""
