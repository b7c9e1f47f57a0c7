"""Deaths by country and month: the windows of the VIEWS prediction challenge 2023/24, forecast and scored."""
