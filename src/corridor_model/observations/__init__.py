"""What has happened: figures by month, quarter and year, with their vintages."""
