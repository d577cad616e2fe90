"""What a codebook still lacks, as a supervisor would say it: few findings, each with what shows it."""
