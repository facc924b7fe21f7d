"""One folder for each platform. A connector knows `hutong.channels.contract` and `hutong.foundation`, nothing else of ours."""
