"""What the network looks like: measures, overlap, bridges, groups, what if, bias, time. Never drawing."""
